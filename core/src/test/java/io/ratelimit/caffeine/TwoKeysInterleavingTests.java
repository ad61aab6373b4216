package io.ratelimit.caffeine;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.ratelimit.Decision;
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
 * Whatever several threads do to two keys at the same time, they might have done one
 * after the other.
 */
class TwoKeysInterleavingTests {

	private static final Policy OTHER = Policy.of("other", Limit.valueOf("2/1m"));

	@Test
	void claimsOnKeysThatAreDroppedAtTheirLimitHaveAnOrder() {
		check(KeysAtTheirLimit.class, TwoUsedKeys.class, 6, 100);
	}

	@Test
	void batchesAndClaimsOnTheirKeysHaveAnOrder() {
		check(Batches.class, TwoKeys.class, 12, 100);
	}

	/**
	 * Two keys, claimed together in either order and each by itself.
	 */
	public static final class Batches {

		private final CaffeinePolicy one = limiter(THREE, 0);

		private final CaffeinePolicy other = limiter(OTHER, 1);

		@Operation
		public long there() {
			Decision[] decisions = batch(this.one, this.other).decide(ModelChecker.CLOCK);
			return TwoKeys.pair(told(decisions[0]), told(decisions[1]));
		}

		@Operation
		public long back() {
			Decision[] decisions = batch(this.other, this.one).decide(ModelChecker.CLOCK);
			return TwoKeys.pair(told(decisions[1]), told(decisions[0]));
		}

		@Operation
		public long takeOne() {
			return told(this.one.tryAcquire("k", 1));
		}

		@Operation
		public long takeOther() {
			return told(this.other.tryAcquire("k", 1));
		}

		@Operation
		public void resetOne() {
			this.one.reset("k");
		}

		@Operation
		public void giveBackOther() {
			this.other.giveBack("k", 1, GRANTED);
		}

	}

	/**
	 * Two keys at their limit, of a policy that has room for one: the other is kept
	 * aside.
	 */
	public static final class KeysAtTheirLimit {

		private final CaffeinePolicy limiter = limiter(ONE, 0, () -> Caffeine.newBuilder().maximumSize(1));

		public KeysAtTheirLimit() {
			takeOne();
			takeOther();
		}

		@Operation
		public long takeOne() {
			return told(this.limiter.tryAcquire("one", 1));
		}

		@Operation
		public long takeOther() {
			return told(this.limiter.tryAcquire("other", 1));
		}

		@Operation
		public long remainingOne() {
			return this.limiter.peek("one").remaining();
		}

		@Operation
		public long remainingOther() {
			return this.limiter.peek("other").remaining();
		}

	}

	/**
	 * Two keys as one thread sees them.
	 */
	public static class TwoKeys {

		private final OneKey one;

		private final OneKey other;

		public TwoKeys() {
			this(3, 2);
		}

		TwoKeys(long one, long other) {
			this.one = new OneKey(one, 0);
			this.other = new OneKey(other, 0);
		}

		public long there() {
			if (this.one.admits(1) && this.other.admits(1)) {
				return pair(this.one.take(1), this.other.take(1));
			}
			return pair(seen(this.one), seen(this.other));
		}

		public long back() {
			return there();
		}

		public long takeOne() {
			return this.one.take(1);
		}

		public long takeOther() {
			return this.other.take(1);
		}

		public long remainingOne() {
			return this.one.remaining();
		}

		public long remainingOther() {
			return this.other.remaining();
		}

		public void resetOne() {
			this.one.reset();
		}

		public void giveBackOther() {
			this.other.giveBack();
		}

		private static long seen(OneKey key) {
			return key.admits(1) ? key.remaining() : -1 - key.remaining();
		}

		static long pair(long one, long other) {
			return 10 * one + other;
		}

	}

	/**
	 * Two keys at a limit of one, as one thread sees them.
	 */
	public static final class TwoUsedKeys extends TwoKeys {

		public TwoUsedKeys() {
			super(1, 1);
			there();
		}

	}

}
