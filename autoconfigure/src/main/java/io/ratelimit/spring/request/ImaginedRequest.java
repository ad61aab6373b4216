package io.ratelimit.spring.request;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * A request that nobody has sent, and that has nothing but a method and a path.
 */
final class ImaginedRequest {

	private ImaginedRequest() {
	}

	static LimitedRequest of(String httpMethod, String path) {
		return (LimitedRequest) Proxy.newProxyInstance(ImaginedRequest.class.getClassLoader(),
				new Class<?>[] { LimitedRequest.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "method" -> httpMethod;
					case "path" -> path;
					case "headers", "headerNames", "parameters" -> List.of();
					case "isFormTooLarge" -> false;
					case "header", "cookie", "remoteAddress", "principal", "sessionId" -> null;
					default -> throw new IllegalArgumentException("nobody has sent this request");
				});
	}

}
