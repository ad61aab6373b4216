package io.ratelimit.tck;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import io.ratelimit.Decision;

/**
 * Stores that are right as long as nobody else comes.
 */
final class ConcurrencyFaults {

	private ConcurrencyFaults() {
	}

	static Stream<Fault> all() {
		return Stream.of(
				Fault.of("a claim is checked, and then it is charged", CheckThenAct::new,
						"threadsOnOneKeyTakeExactlyTheLimit", "stagesCompletedByManyThreadsTakeExactlyTheLimit",
						"threadsTakeExactlyWhatOneWouldWhileTimePasses", "permitsGivenBackAreNeverOutTwice"),
				Fault.of("a new key is made by everybody who misses it", LostFirstTouch::new,
						"theFirstTouchOfAKeyIsCountedOnce"),
				Fault.of("a batch is checked, and then it is charged", CheckThenActInBatches::new,
						"batchesOfOppositeOrdersNeitherBlockNorOvertakeEachOther",
						"batchesAndSingleClaimsTogetherTakeExactlyTheLimit"),
				Fault.of("a batch locks in the order of its claims", OppositeLocks::new,
						"batchesOfOppositeOrdersNeitherBlockNorOvertakeEachOther"));
	}

	/**
	 * A store that lets another thread in where that does harm.
	 */
	private abstract static class Hospitable extends ReferenceStore {

		private final Exchanger<Boolean> exchanger = new Exchanger<>();

		private Hospitable(FakeTicker ticker) {
			super(ticker);
		}

		/**
		 * Waits for another thread to come here, for a moment.
		 */
		final void letOthersIn() {
			try {
				this.exchanger.exchange(Boolean.TRUE, 200, TimeUnit.MICROSECONDS);
			}
			catch (TimeoutException ex) {
				// nobody came
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	private static final class CheckThenAct extends Hospitable {

		private CheckThenAct(FakeTicker ticker) {
			super(ticker);
		}

		@Override
		@SuppressWarnings("UnsynchronizedOverridesSynchronized") // on purpose
		Decision tryAcquire(String policy, String key, long permits) {
			Decision decision;
			synchronized (this) {
				decision = decide(new NamedClaim(policy(policy), key, permits), permits, permits);
			}
			if (decision.allowed()) {
				letOthersIn();
				charge(policy, key, permits);
				letOthersIn();
			}
			return decision;
		}

	}

	private static final class LostFirstTouch extends Hospitable {

		private LostFirstTouch(FakeTicker ticker) {
			super(ticker);
		}

		@Override
		@SuppressWarnings("UnsynchronizedOverridesSynchronized") // on purpose
		Decision tryAcquire(String policy, String key, long permits) {
			boolean missed;
			synchronized (this) {
				missed = !this.usages.containsKey(nameOf(policy, key));
			}
			if (missed) {
				letOthersIn();
			}
			synchronized (this) {
				if (missed) {
					this.usages.put(nameOf(policy, key), new Usage(policy(policy), Long.MIN_VALUE));
				}
				return super.tryAcquire(policy, key, permits);
			}
		}

	}

	private static final class CheckThenActInBatches extends Hospitable {

		private CheckThenActInBatches(FakeTicker ticker) {
			super(ticker);
		}

		@Override
		@SuppressWarnings("UnsynchronizedOverridesSynchronized") // on purpose
		public List<Decision> decideAll(List<NamedClaim> claims) {
			List<Decision> decisions;
			synchronized (this) {
				decisions = claims.stream().map((claim) -> decide(claim, claim.permits(), claim.permits())).toList();
			}
			if (decisions.stream().allMatch(Decision::allowed)) {
				letOthersIn();
				claims.forEach((claim) -> charge(claim.policy().name(), claim.key(), claim.permits()));
				letOthersIn();
			}
			return decisions;
		}

	}

	private static final class OppositeLocks extends Hospitable {

		private final Map<Object, ReentrantLock> locks = new ConcurrentHashMap<>();

		private OppositeLocks(FakeTicker ticker) {
			super(ticker);
		}

		@Override
		@SuppressWarnings("UnsynchronizedOverridesSynchronized") // on purpose
		public List<Decision> decideAll(List<NamedClaim> claims) {
			List<ReentrantLock> taken = claims.stream()
				.map((claim) -> this.locks.computeIfAbsent(nameOf(claim.policy().name(), claim.key()),
						(name) -> new ReentrantLock()))
				.toList();
			try {
				for (ReentrantLock lock : taken) {
					lock.lockInterruptibly();
					letOthersIn();
				}
				return super.decideAll(claims);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			finally {
				taken.stream().filter(ReentrantLock::isHeldByCurrentThread).forEach(ReentrantLock::unlock);
			}
		}

	}

}
