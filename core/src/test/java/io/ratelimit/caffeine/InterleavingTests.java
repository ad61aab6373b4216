package io.ratelimit.caffeine;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.ratelimit.BoundClaim;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Whatever several threads do to a key at the same time, they might have done one after
 * the other. A model checker tries the interleavings of short scenarios, and looks for an
 * order that explains what each thread was told; it finds circles of waiting threads too.
 */
/*
 * The checker knows nothing of weak memory: that is the stress tests' affair. It
 * interleaves threads of its own only, so the caches do their maintenance in the thread
 * that uses them. Its random scenarios are the same in every run. How many there are is
 * what it took to catch the faults that are listed in the docs, and some more.
 */
class InterleavingTests {

	private static final Policy ONE = Policy.of("api", Limit.valueOf("1/1m"));

	private static final Policy TWO = Policy.of("api", Limit.valueOf("2/1m"));

	private static final Policy THREE = Policy.of("api", Limit.valueOf("3/1m"));

	private static final Policy FOUR = Policy.of("api", Limit.valueOf("4/1m"));

	private static final Policy OTHER = Policy.of("other", Limit.valueOf("2/1m"));

	private static final Policy PLENTY = Policy.of("plenty", Limit.valueOf("60/1m"));

	private static final StoreClock CLOCK = new StoreClock(() -> 0, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

	private static final Decision GRANTED = Decision.allowed(THREE, THREE.limits().get(0), 0, 0, 0, CLOCK.now());

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

	@Test
	void claimsOnKeysThatAreDroppedAtTheirLimitHaveAnOrder() {
		check(KeysAtTheirLimit.class, TwoUsedKeys.class, 6, 100);
	}

	@Test
	void batchesAndClaimsOnTheirKeysHaveAnOrder() {
		check(Batches.class, TwoKeys.class, 12, 100);
	}

	private static void check(Class<?> concurrent, Class<?> sequential, int scenarios, int interleavings) {
		new ModelCheckingOptions().threads(2)
			.actorsBefore(0)
			.actorsPerThread(2)
			.actorsAfter(2)
			.iterations(scenarios)
			.invocationsPerIteration(interleavings)
			.sequentialSpecification(sequential)
			.check(concurrent);
	}

	private static CaffeinePolicy limiter(Policy policy, int ordinal) {
		return limiter(policy, ordinal, Caffeine::newBuilder);
	}

	private static CaffeinePolicy limiter(Policy policy, int ordinal, Supplier<Caffeine<Object, Object>> builder) {
		return new CaffeinePolicy(policy, ordinal, CLOCK,
				(counter) -> new Cells(counter, CLOCK, builder.get().executor(Runnable::run), 100, (atLimit) -> {
				}), new BoundPolicies());
	}

	private static Batch batch(CaffeinePolicy first, CaffeinePolicy second) {
		return new Batch(List.of(BoundClaim.of(first, "k", 1), BoundClaim.of(second, "k", 1)));
	}

	private static long told(Decision decision) {
		return decision.allowed() ? decision.remaining() : -1 - decision.remaining();
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
			return told(batch(this.limiter, this.plenty).decide(0)[0]);
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
	 * Two keys, claimed together in either order and each by itself.
	 */
	public static final class Batches {

		private final CaffeinePolicy one = limiter(THREE, 0);

		private final CaffeinePolicy other = limiter(OTHER, 1);

		@Operation
		public long there() {
			Decision[] decisions = batch(this.one, this.other).decide(0);
			return TwoKeys.pair(told(decisions[0]), told(decisions[1]));
		}

		@Operation
		public long back() {
			Decision[] decisions = batch(this.other, this.one).decide(0);
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
	 * A key as one thread sees it.
	 */
	public static class OneKey {

		private long limit;

		private final long limitToBe;

		private long used;

		public OneKey() {
			this(3, 0);
		}

		OneKey(long limit, long used) {
			this.limit = limit;
			this.limitToBe = limit + 1;
			this.used = used;
		}

		public long takeOne() {
			return take(1);
		}

		public long takeTwo() {
			return take(2);
		}

		public long remaining() {
			return this.limit - this.used;
		}

		public void giveBack() {
			this.used = Math.max(0, this.used - 1);
		}

		public void reset() {
			this.used = 0;
		}

		public void sweep() {
			// frees memory and changes no answer
		}

		public void replace() {
			this.limit = this.limitToBe;
		}

		private boolean admits(long permits) {
			return this.used + permits <= this.limit;
		}

		private long take(long permits) {
			if (!admits(permits)) {
				return -1 - remaining();
			}
			this.used += permits;
			return remaining();
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
