package io.ratelimit.spring.method;

import io.ratelimit.Limiter;
import io.ratelimit.Mode;
import org.jspecify.annotations.Nullable;

/**
 * Where a claim of each call comes from: one annotation, bound to its policy. It is
 * inherited if it stands on a supertype of the bean's class or in one.
 */
record ClaimSource(Declaration declaration, boolean inherited, Limiter limiter, String policy, MethodKey key,
		MethodCost cost) {

	ClaimSource(Declaration declaration, boolean inherited, Limiter limiter, MethodKey key, MethodCost cost) {
		this(declaration, inherited, limiter, limiter.policy().name(), key, cost);
	}

	boolean off() {
		return this.limiter.policy().mode() == Mode.OFF;
	}

	/**
	 * Returns the key to be charged for a call.
	 * @return the key, or {@code null} if the call is not limited
	 */
	@Nullable String payer(@Nullable Object[] arguments) {
		return off() ? null : this.key.of(arguments);
	}

}
