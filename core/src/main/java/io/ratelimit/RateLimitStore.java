package io.ratelimit;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where permits are counted: the SPI for stores. A store owns state, clock and atomicity,
 * and is safe for use by many threads. The suite of {@code ratelimit-tck} states what it
 * promises.
 */
public interface RateLimitStore extends AutoCloseable {

	/**
	 * Binds a policy, at start-up rather than per request. A policy is known by its name:
	 * one of the same name replaces the former at once, also in limiters that were handed
	 * out before, and what live keys have used is kept for every limit that
	 * {@linkplain Limit#countsLike counts like} one before.
	 * @param policy the policy
	 * @return the limiter of that policy
	 */
	RateLimiter limiter(Policy policy);

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
	 * as the sum. A policy that has not been bound is bound.
	 * @param claims the claims
	 * @return a decision for each claim, in order; permits were taken if every one of
	 * them allows
	 * @throws RateLimitStoreException if the store cannot answer
	 */
	List<Decision> tryAcquireAll(List<Claim> claims);

	/**
	 * Takes the permits of every claim or of none, without holding the calling thread
	 * while the store is asked.
	 * @param claims the claims
	 * @return the stage of the decisions; it fails with {@link RateLimitStoreException}
	 * if the store cannot answer
	 */
	default CompletionStage<List<Decision>> tryAcquireAllAsync(List<Claim> claims) {
		try {
			return CompletableFuture.completedStage(tryAcquireAll(claims));
		}
		catch (RateLimitStoreException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	/**
	 * Releases what the store holds. Closing twice does nothing more.
	 */
	@Override
	void close();

}
