package io.ratelimit.spring.autoconfigure;

import java.util.function.Function;

import io.ratelimit.RateLimiter;

/**
 * Who uses policies beyond their limits, and has to be told when they change.
 */
interface PolicyFollower {

	/**
	 * Prepares to use policies.
	 * @param limiters the limiter of each policy by its name, whose policy is that of the
	 * set; what is prepared works with these
	 * @return run to use them from then on
	 * @throws InvalidRateLimitException if they cannot be used
	 */
	Runnable prepare(PolicySet policies, Function<String, RateLimiter> limiters);

}
