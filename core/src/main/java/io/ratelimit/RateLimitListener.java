package io.ratelimit;

/**
 * Told of what a {@link RateLimiterRegistry} decides. Called on the deciding thread, so
 * it must be quick and must not block; what it throws is logged and dropped.
 */
public interface RateLimitListener {

	/**
	 * Called after each decision that is final: not after a mere peek.
	 * @param key who was counted; personal data, perhaps
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

}
