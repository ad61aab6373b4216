package io.ratelimit.spring.actuate;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a policy is used for.
 *
 * @param paths path patterns of the requests that it guards
 * @param except path patterns that are exempt
 * @param methods HTTP methods of these requests; none means all
 * @param key who is being counted, as written in configuration; {@code null} if that is
 * not written there
 * @param cost permits a request, as written in configuration
 * @param calls annotated methods that are limited by it
 * @param permits most permits that a request or a call is known to take
 */
public record PolicyUse(List<String> paths, List<String> except, List<String> methods, @Nullable String key,
		@Nullable String cost, List<String> calls, long permits) {

	public PolicyUse {
		paths = List.copyOf(paths);
		except = List.copyOf(except);
		methods = List.copyOf(methods);
		calls = List.copyOf(calls);
	}

}
