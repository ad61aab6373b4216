package io.ratelimit.spring.autoconfigure;

import java.util.function.Consumer;
import java.util.function.Function;

import io.ratelimit.Limiter;
import io.ratelimit.spring.policy.InvalidRateLimitException;

/**
 * Callback for components that depend on more than a policy's limits.
 */
interface PolicyFollower {

	/**
	 * Prepares to use policies.
	 * @return called with the limiter of each policy by its name, once all of them are in
	 * force
	 * @throws InvalidRateLimitException if they cannot be used
	 */
	Consumer<Function<String, Limiter>> prepare(PolicySet policies);

}
