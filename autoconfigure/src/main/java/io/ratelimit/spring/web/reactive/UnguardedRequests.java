package io.ratelimit.spring.web.reactive;

import java.util.Map;
import java.util.function.Function;

import io.ratelimit.Policy;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.PolicyUser;

/**
 * The requests to an application of WebFlux, which pass no servlet filter: a path would
 * limit nothing, and a key taken from the request would be the same for everybody. The
 * default key is refused where it is used.
 */
final class UnguardedRequests implements PolicyUser {

	@Override
	public Runnable prepare(Map<String, Policy> policies, Function<String, Guard> guards) {
		policies.keySet().forEach((name) -> requireNoRequests(name, guards.apply(name)));
		return () -> {
		};
	}

	private static void requireNoRequests(String name, Guard guard) {
		if (!guard.paths().isEmpty()) {
			throw InvalidRateLimitException.ofPolicy(name, "paths",
					"requests are limited in servlet applications, and this is a reactive one",
					"Limit methods by @RateLimited(\"%s\"), or use Spring MVC.".formatted(name));
		}
		String key = guard.key().strip();
		if (!key.equals("ip") && !key.equals("global")) {
			throw InvalidRateLimitException.ofPolicy(name, "key",
					"the key '%s' comes from an HTTP request, which no method of a reactive application sees"
						.formatted(key),
					"Remove it, and write an expression over the parameters in the annotation, such as key = \"#id\"; or write 'key: global' if all calls are meant.");
		}
	}

}
