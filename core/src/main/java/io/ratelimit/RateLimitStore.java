package io.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where permits are counted: the SPI for stores. A store owns state, clock and atomicity,
 * and is safe for use by many threads. Modes, failure modes, plans and listeners are not
 * its concern: {@link RateLimits} applies them. The suite of {@code ratelimit-tck} states
 * the contract.
 */
public interface RateLimitStore extends AutoCloseable {

	/**
	 * Binds a policy, at start-up rather than per request. A policy that changes is
	 * {@linkplain BoundPolicy#replace replaced}. One that is bound twice, with the same
	 * name and limits, is counted once.
	 * @param policy the policy
	 * @return the bound policy
	 * @throws IllegalArgumentException if this store cannot count by the policy; the
	 * message says why
	 */
	BoundPolicy bind(Policy policy);

	/**
	 * Checks that a policy can be bound, and binds nothing.
	 * @param policy the policy
	 * @throws IllegalArgumentException if this store cannot count by it; the message says
	 * why
	 */
	default void check(Policy policy) {
	}

	/**
	 * Takes the permits of every claim or of none. The same policy and key twice counts
	 * as the sum.
	 * @param claims claims on policies that this store has bound, at least one
	 * @return a decision for each claim, in order; permits were taken if every one of
	 * them allows
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	List<Decision> tryAcquireAll(List<BoundClaim> claims);

	/**
	 * Takes the permits of every claim or of none, without holding the calling thread
	 * until the store answers.
	 * @param claims claims on policies that this store has bound, at least one
	 * @return the stage of the decisions; it fails with {@link RateLimitStoreException}
	 * if the store cannot answer
	 */
	default CompletionStage<List<Decision>> tryAcquireAllAsync(List<BoundClaim> claims) {
		try {
			return CompletableFuture.completedStage(tryAcquireAll(claims));
		}
		catch (RateLimitStoreException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	/**
	 * Asks the store whether it can count, without counting anything. A store that has no
	 * room for another key cannot.
	 * @param patience longest time that this may take
	 * @return whether it has answered; {@code false} if only a decision shows whether it
	 * does
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	default boolean ping(Duration patience) {
		return false;
	}

	/**
	 * Releases what the store holds. Closing twice does nothing more.
	 */
	@Override
	void close();

}
