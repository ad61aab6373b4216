package io.ratelimit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One policy, bound once, applied to many keys. Safe for use by many threads.
 */
public interface RateLimiter {

	/**
	 * Returns the policy as it stands now; it changes when the policy is replaced.
	 * @return the policy
	 */
	Policy policy();

	/**
	 * Takes a permit, or nothing.
	 * @param key who is being counted
	 * @return the decision
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	default Decision tryAcquire(String key) {
		return tryAcquire(key, 1);
	}

	/**
	 * Takes permits, all of them or none, and never waits.
	 * @param key who is being counted
	 * @param permits how many permits
	 * @return the decision
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	Decision tryAcquire(String key, long permits);

	/**
	 * Takes permits, all of them or none, without holding the calling thread while the
	 * store is asked.
	 * @param key who is being counted
	 * @param permits how many permits
	 * @return the stage of the decision; it fails with {@link RateLimitStoreException} if
	 * the store cannot answer
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 */
	default CompletionStage<Decision> tryAcquireAsync(String key, long permits) {
		Claim.requirePositive(permits);
		try {
			return CompletableFuture.completedStage(tryAcquire(key, permits));
		}
		catch (RateLimitStoreException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	/**
	 * Tells what a claim of one permit would be answered, and takes nothing.
	 * @param key who is being counted
	 * @return the decision; its remaining permits are those before any is taken
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	Decision peek(String key);

	/**
	 * Forgets what a key has used.
	 * @param key who is being counted
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	void reset(String key);

	/**
	 * Gives back permits of an earlier grant that turned out not to be needed, because
	 * another limit refused the same request, say. A limit never admits more for it than
	 * if the grant had not happened; what cannot be given back safely stays taken:
	 * permits that have left the window or refilled since, and the slots of a
	 * {@link Algorithm#LEAKY_BUCKET}.
	 * @param key the key of the grant
	 * @param permits how many permits were granted
	 * @param heldNanos longest time that can have passed since the grant: measured from
	 * before the call that took it
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	void giveBack(String key, long permits, long heldNanos);

}
