package io.ratelimit.spring.observe;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Which policies guard requests of a method and a path, as the endpoint tells it.
 *
 * @param method the HTTP method
 * @param path the path as it would be sent
 * @param handlers the annotated handlers of such requests, with the policies that limit
 * their calls
 * @param notes what else is to be known of such requests
 * @param policies all policies: first those that guard them
 */
record GuardReport(String method, String path, List<Handler> handlers, List<String> notes,
		List<Verdict> policies) implements OperationResponseBody {

	/**
	 * An annotated handler of Spring MVC.
	 *
	 * @param method the method as people write it
	 * @param pattern the pattern that it is mapped to
	 * @param policies the policies that limit its calls
	 */
	record Handler(String method, String pattern, List<String> policies) {

	}

	/**
	 * Whether a policy guards such requests.
	 *
	 * @param policy its name
	 * @param guards whether it does
	 * @param reason why, or why not
	 * @param mode what becomes of its decisions
	 * @param place where requests are counted: {@code before-security},
	 * {@code after-security}, or {@code method}; {@code null} if they are not
	 * @param key who is being counted, as written in configuration
	 * @param limits its limits in one line each
	 */
	record Verdict(String policy, boolean guards, String reason, String mode, @Nullable String place,
			@Nullable String key, List<String> limits) {

	}

}
