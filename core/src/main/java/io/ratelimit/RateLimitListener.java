package io.ratelimit;

/**
 * Called with each decision of {@link RateLimits}, on the deciding thread: it must be
 * quick and must not block. Exceptions are logged once and swallowed.
 */
public interface RateLimitListener {

	/**
	 * Returns the listener for one policy's decisions, so that what is kept by policy
	 * need not be looked up for each of them. Called when a policy is registered or
	 * replaced.
	 * @param policy the policy as it stands now
	 * @return a listener for the decisions of that policy; this one, unless it says
	 * otherwise
	 */
	default RateLimitListener forPolicy(Policy policy) {
		return this;
	}

	/**
	 * Called after each decision that is final: not after a mere peek. Of a request that
	 * is refused these are the denials, also those of policies in shadow mode.
	 * @param key who was counted; personal data, perhaps. Empty where a request was
	 * denied since it did not say
	 * @param permits how many permits were asked for
	 * @param decision the decision
	 */
	default void onDecision(String key, long permits, Decision decision) {
	}

	/**
	 * Called after each call that the store could not answer.
	 * @param failure what the store threw
	 */
	default void onStoreFailure(RateLimitStoreException failure) {
	}

	/**
	 * Called after all keys of a policy were reset.
	 * @param policy the policy as it stands now
	 */
	default void onResetAll(Policy policy) {
	}

}
