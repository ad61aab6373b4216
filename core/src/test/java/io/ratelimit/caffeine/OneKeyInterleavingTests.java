package io.ratelimit.caffeine;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

import static io.ratelimit.caffeine.ModelChecker.GRANTED;
import static io.ratelimit.caffeine.ModelChecker.ONE;
import static io.ratelimit.caffeine.ModelChecker.THREE;
import static io.ratelimit.caffeine.ModelChecker.batch;
import static io.ratelimit.caffeine.ModelChecker.check;
import static io.ratelimit.caffeine.ModelChecker.limiter;
import static io.ratelimit.caffeine.ModelChecker.told;

/**
 * Whatever several threads do to a key at the same time, they might have done one after
 * the other.
 */
class OneKeyInterleavingTests {

	private static final Policy TWO = Policy.of("api", Limit.valueOf("2/1m"));

	private static final Policy FOUR = Policy.of("api", Limit.valueOf("4/1m"));

	private static final Policy PLENTY = Policy.of("plenty", Limit.valueOf("60/1m"));

	@Test
	void claimsAndSweepsOfAKeyHaveAnOrder() {
		check(SweptKey.class, OneKey.class, 12, 100);
	}

	@Test
	void claimsOnAKeyAtItsLimitHaveAnOrder() {
		check(KeyAtItsLimit.class, UsedUpKey.class, 12, 100);
	}

	@Test
	void claimsAndReplacementsOfAPolicyHaveAnOrder() {
		check(ReplacedPolicy.class, UsedKey.class, 12, 100);
	}

	@Test
	void claimsBetweenTwoReplacementsOfAPolicyHaveAnOrder() {
		check(PolicyReplacedTwice.class, UsedKey.class, 8, 100);
	}

	/**
	 * One key, which is swept out whenever it has nothing left to tell.
	 */
	public static final class SweptKey {

		private final CaffeinePolicy limiter = limiter(THREE, 0);

		@Operation
		public long takeOne() {
			return told(this.limiter.tryAcquire("k", 1));
		}

		@Operation
		public long takeTwo() {
			return told(this.limiter.tryAcquire("k", 2));
		}

		@Operation
		public long remaining() {
			return this.limiter.peek("k").remaining();
		}

		@Operation
		public void giveBack() {
			this.limiter.giveBack("k", 1, GRANTED);
		}

		@Operation
		public void reset() {
			this.limiter.reset("k");
		}

		@Operation
		public void sweep() {
			this.limiter.generation().sweep();
		}

	}

	/**
	 * One key at its limit, which is refused without a lock where threads meet.
	 */
	public static final class KeyAtItsLimit {

		private final CaffeinePolicy limiter = limiter(ONE, 0);

		public KeyAtItsLimit() {
			takeOne();
		}

		@Operation
		public long takeOne() {
			return told(this.limiter.tryAcquire("k", 1));
		}

		@Operation
		public void giveBack() {
			this.limiter.giveBack("k", 1, GRANTED);
		}

		@Operation
		public void reset() {
			this.limiter.reset("k");
		}

		@Operation(nonParallelGroup = "replacement")
		public void replace() {
			this.limiter.replace(TWO);
		}

	}

	/**
	 * One key that was used before its policy is replaced.
	 */
	public static final class ReplacedPolicy {

		private final CaffeinePolicy limiter = limiter(THREE, 0);

		public ReplacedPolicy() {
			this.limiter.tryAcquire("k", 1);
		}

		@Operation
		public long takeOne() {
			return told(this.limiter.tryAcquire("k", 1));
		}

		@Operation
		public void reset() {
			this.limiter.reset("k");
		}

		@Operation(nonParallelGroup = "replacement")
		public void replace() {
			this.limiter.replace(FOUR);
		}

	}

	/**
	 * One key that was used before its policy was replaced, and has yet to be carried
	 * over when the policy is replaced again. It is claimed by itself and in a batch.
	 */
	public static final class PolicyReplacedTwice {

		private final CaffeinePolicy limiter = limiter(TWO, 0);

		private final CaffeinePolicy plenty = limiter(PLENTY, 1);

		public PolicyReplacedTwice() {
			this.limiter.tryAcquire("k", 1);
			this.limiter.replace(THREE);
		}

		@Operation
		public long takeOne() {
			return told(batch(this.limiter, this.plenty).decide(ModelChecker.CLOCK)[0]);
		}

		@Operation
		public long takeTwo() {
			return told(this.limiter.tryAcquire("k", 2));
		}

		@Operation(nonParallelGroup = "replacement")
		public void replace() {
			this.limiter.replace(FOUR);
		}

	}

	/**
	 * A key that has been in use, as one thread sees it.
	 */
	public static final class UsedKey extends OneKey {

		public UsedKey() {
			super(3, 1);
		}

	}

	/**
	 * A key at its limit, as one thread sees it.
	 */
	public static final class UsedUpKey extends OneKey {

		public UsedUpKey() {
			super(1, 1);
		}

	}

}
