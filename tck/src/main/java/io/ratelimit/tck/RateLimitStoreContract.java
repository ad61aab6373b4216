package io.ratelimit.tck;

import java.time.Duration;

import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimitStoreException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * The contract of a {@link RateLimitStore}: a suite that the author of a store extends,
 * supplying the store and its clock.
 *
 * <pre class="code">
 * final class MyStoreContractTests extends RateLimitStoreContract {
 *
 *     private final FakeTicker ticker = new FakeTicker();
 *
 *     &#64;Override
 *     protected ContractClock clock() {
 *         return this.ticker;
 *     }
 *
 *     &#64;Override
 *     protected RateLimitStore createStore() {
 *         return new MyStore(this.ticker::nanos, this.ticker.wallClock());
 *     }
 *
 * }
 * </pre>
 *
 * <p>
 * Every test makes a store of its own and closes it. No test sleeps: time passes where
 * the clock is advanced, and only there. Random traces come from fixed seeds, which
 * failures quote.
 *
 * <p>
 * One law is not here, since it takes a broken server to test it: a store that cannot
 * answer throws {@link RateLimitStoreException} within its timeout, and nothing else. Nor
 * can a suite see how long a store keeps what no longer matters. Both are for a store's
 * own tests.
 */
public abstract class RateLimitStoreContract {

	/**
	 * Makes the store under test, on {@link #clock()}. It knows no policy and has counted
	 * nothing, also where it shares a server with the stores of other tests, and it has
	 * room for a thousand keys in each policy.
	 * @return a new store; the suite closes it
	 */
	protected abstract RateLimitStore createStore();

	/**
	 * Returns the clock of the store under test: the same one throughout a test.
	 * @return the clock
	 */
	protected abstract ContractClock clock();

	/**
	 * Returns how many random traces of each kind are tried against each limit. A store
	 * at the far end of a network may want fewer.
	 * @return the number of traces, at least 1
	 */
	protected int traces() {
		return 10;
	}

	/**
	 * Returns how many claims a random trace has. A store at the far end of a network may
	 * want fewer.
	 * @return the number of claims, at least 30
	 */
	protected int claims() {
		return 120;
	}

	/**
	 * Returns the seed of the first random trace; the following ones count up from it.
	 * @return the seed, the same in every run by default
	 */
	protected long seed() {
		return 1;
	}

	/**
	 * Returns how many threads compete for permits in the tests of concurrency.
	 * @return the number of threads, at least 2
	 */
	protected int threads() {
		return 4;
	}

	/**
	 * Returns how long threads that compete may take together before they are held to be
	 * waiting for each other for ever.
	 * @return the longest time, in real time
	 */
	protected Duration patience() {
		return Duration.ofSeconds(30);
	}

	@Nested
	@DisplayName("A sliding window never grants more than its limit in any window")
	final class SlidingWindow extends SlidingWindowLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("A fixed window counts from one boundary to the next")
	final class FixedWindow extends FixedWindowLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("A token bucket grants what it holds and what flows in")
	final class TokenBucket extends TokenBucketLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("A leaky bucket lets permits leave one at a time")
	final class LeakyBucket extends LeakyBucketLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("A claim is granted whole, or leaves no trace and says when to come back")
	final class Claims extends ClaimLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("The limits of a policy are taken together or not at all")
	final class Policies extends PolicyLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("A batch takes every claim or none")
	final class Batches extends BatchLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("Keys and policies do not touch each other")
	final class Keys extends KeyLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("Time may stand still, overflow or pass at length")
	final class Time extends TimeLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("A changed policy applies at once and remembers")
	final class Replacement extends ReplacementLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("What is given back is never granted twice")
	final class GivingBack extends GivingBackLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

	@Nested
	@DisplayName("Threads do not get more than one of them would")
	final class Concurrency extends ConcurrencyLaws {

		@Override
		RateLimitStoreContract contract() {
			return RateLimitStoreContract.this;
		}

	}

}
