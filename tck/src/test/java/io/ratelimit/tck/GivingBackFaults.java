package io.ratelimit.tck;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.ratelimit.Decision;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.RateLimitStore;

/**
 * Stores that give back wrongly what was taken.
 */
final class GivingBackFaults {

	private GivingBackFaults() {
	}

	static Stream<Fault> all() {
		return Stream.of(Fault.of("a reset is forgotten by what is given back", (ticker) -> new ReferenceStore(ticker) {

			@Override
			synchronized void reset(String policy, String key) {
				this.usages.remove(nameOf(policy, key));
			}

		}, "whatWasTakenBeforeAResetIsNotGivenBackAfterIt"), Fault
			.of("a reset of all keys is forgotten by what is given back", (ticker) -> new ReferenceStore(ticker) {

				@Override
				synchronized void resetAll(String policy) {
					this.usages.values().removeIf((usage) -> usage.policy.equals(policy));
				}

			}, "whatWasTakenBeforeAResetOfAllKeysIsNotGivenBackAfterIt",
					"whatWasTakenBeforeAResetOfAllKeysIsNotGivenBackMeanwhile"),
				Fault.of("nothing is given back to a policy that has gained a limit",
						(ticker) -> new ReferenceStore(ticker) {

							@Override
							synchronized void giveBack(String policy, String key, long permits, Decision granted) {
								if (usage(policy, key).ledgers.stream()
									.allMatch((ledger) -> ledger.begin <= granted.moment())) {
									super.giveBack(policy, key, permits, granted);
								}
							}

						}, "aGrantIsGivenBackToTheLimitsThatHaveCountedIt"),
				Fault.of("nothing is given back", giving((ledger, permits, held) -> {
				}), "whatIsGivenBackAtOnceIsThereAgain", "whatIsGivenBackWithinTheWindowIsThereAgain",
						"everyLimitOfAPolicyGetsBackWhatItCan", "aFixedWindowGetsNothingBackFromTheWindowBefore",
						"aGrantIsGivenBackThroughAReplacementThatKeepsIt", "whatIsGivenBackAStepLaterIsNotLost"),
				Fault.of("a grant is given back to a limit that did not count it",
						(ticker) -> new ReferenceStore(ticker) {

							@Override
							Ledger adopt(Limit limit, List<Ledger> ledgers) {
								Ledger ledger = new Ledger(limit, Long.MIN_VALUE);
								ledger.grants.addAll(super.adopt(limit, ledgers).grants);
								return ledger;
							}

						}, "aGrantUnderAnotherWindowOrAlgorithmIsNotGivenBack"),
				Fault.of("whatever is there is given back", giving((ledger, permits, held) -> {
					if (!(ledger.limit instanceof LeakyBucket)) {
						ledger.remove(permits, 0);
					}
				}), "whatWasHeldForAWholeWindowIsGone", "grantsThatWereKeptStayWithinTheLimit",
						"aFixedWindowGetsNothingBackFromTheWindowBefore"),
				Fault.of("the newest grants are given back", giving((ledger, permits, held) -> {
					List<Grant> grants = ledger.grants;
					for (long left = permits; left > 0 && !grants.isEmpty()
							&& held < ledger.limit.window().toNanos();) {
						Grant last = grants.remove(grants.size() - 1);
						if (last.permits() > left) {
							grants.add(new Grant(last.moment(), last.permits() - left));
						}
						left -= last.permits();
					}
				}), "grantsThatWereKeptStayWithinTheLimit", "leavesNoMoreThanIfTheGrantHadNotHappened"),
				Fault.of("more is given back than was taken", giving((ledger, permits, held) -> {
					ledger.grants.add(new Grant(
							ledger.grants.isEmpty() ? 0 : ledger.grants.get(ledger.grants.size() - 1).moment(),
							-Math.min(permits, 1000)));
				}), "neverLeavesMoreThanTheWholeLimit", "theSlotsOfALeakyBucketStayTaken"));
	}

	private static Function<FakeTicker, RateLimitStore> giving(Return giving) {
		return (ticker) -> new ReferenceStore(ticker) {

			@Override
			void giveBack(Ledger ledger, long permits, long heldNanos) {
				giving.giveBack(ledger, permits, heldNanos);
			}

		};
	}

	@FunctionalInterface
	private interface Return {

		void giveBack(Ledger ledger, long permits, long heldNanos);

	}

}
