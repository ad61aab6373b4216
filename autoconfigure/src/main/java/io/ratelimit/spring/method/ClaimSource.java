package io.ratelimit.spring.method;

import io.ratelimit.Mode;
import io.ratelimit.RateLimiter;
import org.jspecify.annotations.Nullable;

/**
 * Where a claim of each call comes from: one annotation, bound to its policy.
 */
record ClaimSource(RateLimiter limiter, String policy, MethodKey key, MethodPermits permits) {

	ClaimSource(RateLimiter limiter, MethodKey key, MethodPermits permits) {
		this(limiter, limiter.policy().name(), key, permits);
	}

	boolean off() {
		return this.limiter.policy().mode() == Mode.OFF;
	}

	/**
	 * Returns who is to be charged for a call.
	 * @return the key, or {@code null} if nobody is
	 */
	@Nullable String payer(@Nullable Object[] arguments) {
		return off() ? null : this.key.of(arguments);
	}

}
