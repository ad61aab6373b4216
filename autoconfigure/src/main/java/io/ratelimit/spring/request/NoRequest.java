package io.ratelimit.spring.request;

import java.io.Serial;
import java.lang.reflect.Proxy;

/**
 * The request of a call outside of any request. Every method of it throws.
 */
final class NoRequest {

	static final LimitedRequest INSTANCE = (LimitedRequest) Proxy.newProxyInstance(NoRequest.class.getClassLoader(),
			new Class<?>[] { LimitedRequest.class }, (proxy, method, arguments) -> {
				throw new AskedException();
			});

	private NoRequest() {
	}

	@SuppressWarnings("ReferenceEquality") // there is one, which has no equals
	static boolean is(LimitedRequest request) {
		return request == INSTANCE;
	}

	private static final class AskedException extends IllegalStateException {

		@Serial
		private static final long serialVersionUID = 1L;

		private AskedException() {
			super("no request surrounds the call");
		}

		@Override
		public Throwable fillInStackTrace() {
			return this;
		}

	}

}
