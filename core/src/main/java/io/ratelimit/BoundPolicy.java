package io.ratelimit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A policy that a store counts by, applied to many keys: part of the SPI for stores. Safe
 * for use by many threads.
 */
public interface BoundPolicy {

	/**
	 * Returns the policy as it stands now; it changes when the policy is replaced.
	 * @return the policy
	 */
	Policy policy();

	/**
	 * Replaces the policy at once. Usage is kept for every limit that
	 * {@linkplain Limit#countsLike counts like} one before.
	 * @param policy a policy of the same name
	 * @throws IllegalArgumentException if this store cannot count by it; the message says
	 * why
	 */
	void replace(Policy policy);

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
	 * Takes a permit, or nothing.
	 * @param key who is being counted
	 * @return the decision
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	default Decision tryAcquire(String key) {
		return tryAcquire(key, 1);
	}

	/**
	 * Takes permits, all of them or none, without holding the calling thread until the
	 * store answers.
	 * @param key who is being counted
	 * @param permits how many permits
	 * @return the stage of the decision; it fails with {@link RateLimitStoreException} if
	 * the store cannot answer
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 */
	default CompletionStage<Decision> tryAcquireAsync(String key, long permits) {
		try {
			return CompletableFuture.completedStage(tryAcquire(key, permits));
		}
		catch (RateLimitStoreException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	/**
	 * Decides a claim of one permit, and takes nothing. A look leaves no trace of the
	 * key.
	 * @param key who is being counted
	 * @return the decision; its remaining permits are those before any is taken
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	Decision peek(String key);

	/**
	 * Decides a claim of one permit, and takes nothing, without holding the calling
	 * thread until the store answers.
	 * @param key who is being counted
	 * @return the stage of the decision; it fails with {@link RateLimitStoreException} if
	 * the store cannot answer
	 */
	default CompletionStage<Decision> peekAsync(String key) {
		try {
			return CompletableFuture.completedStage(peek(key));
		}
		catch (RateLimitStoreException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	/**
	 * Forgets what a key has used.
	 * @param key who is being counted
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	void reset(String key);

	/**
	 * Forgets what every key has used. What is taken meanwhile may be forgotten too; what
	 * was taken before is never given back afterwards. Meant for operators and tests: it
	 * may take as long as it takes to look through everything that the store holds.
	 * @throws RateLimitStoreException if the store stops to answer; some keys may be
	 * forgotten by then
	 */
	void resetAll();

	/**
	 * Gives back permits that turned out not to be needed, without holding the calling
	 * thread. A limit never admits more for it than if the grant had not happened, and
	 * permits are never granted twice; what cannot be given back safely stays taken:
	 * permits that have left the window or refilled since, those of a
	 * {@link LeakyBucket}, those that were taken before the key was reset, and those of a
	 * limit that was replaced by one that does not {@linkplain Limit#countsLike count
	 * like} it.
	 * @param key the key of the grant
	 * @param permits how many permits were granted
	 * @param granted the decision that granted them
	 * @return completes when that is done, and fails with {@link RateLimitStoreException}
	 * if the store cannot answer
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 */
	CompletionStage<?> giveBack(String key, long permits, Decision granted);

	/**
	 * Ends the binding: forgets the policy and what its keys have used in this process,
	 * unless it is bound once more. Claims on it must have ended.
	 */
	default void close() {
	}

}
