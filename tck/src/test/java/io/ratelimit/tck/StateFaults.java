package io.ratelimit.tck;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;

/**
 * Stores that keep, find or give up what they hold wrongly.
 */
final class StateFaults {

	private StateFaults() {
	}

	static Stream<Fault> all() {
		return Stream.of(keys(), time(), replacements(), returns()).flatMap((faults) -> faults);
	}

	private static Stream<Fault> keys() {
		String law = "noKeyOfAnyPolicyTouchesAnother";
		return Stream.of(
				Fault.of("policies share their keys", naming((policy, key) -> key), law,
						"anExhaustedKeyRefusesNobodyElse", "aBatchKeepsKeysAndPoliciesApart",
						"aResetOrWhatIsGivenBackConcernsOneKeyOfOnePolicy"),
				Fault.of("each binding counts for itself", (ticker) -> new ReferenceStore(ticker) {

					private int bindings;

					@Override
					public synchronized BoundPolicy bind(Policy policy) {
						this.bindings++;
						int binding = this.bindings;
						super.bind(policy);
						return new ReferenceLimiter(this, policy.name()) {

							@Override
							public Decision tryAcquire(String key, long permits) {
								return super.tryAcquire(binding + key, permits);
							}

						};
					}

				}, "aPolicyThatIsBoundTwiceIsCountedOnce"),
				Fault.of("policy and key are joined by a dot", naming((policy, key) -> policy + "." + key), law,
						"aBatchKeepsKeysAndPoliciesApart"),
				Fault.of("keys are told apart by their hash", naming((policy, key) -> policy + ":" + key.hashCode()),
						law),
				Fault.of("keys are stripped", naming((policy, key) -> policy + ":" + key.strip()), law),
				Fault.of("keys are in lower case", naming((policy, key) -> policy + ":" + key.toLowerCase(Locale.ROOT)),
						law),
				Fault.of("keys end at their first zero", naming((policy, key) -> policy + ":" + key.split("\0", 2)[0]),
						law),
				Fault.of("keys are cut",
						naming((policy, key) -> policy + ":" + key.substring(0, Math.min(255, key.length()))), law),
				Fault.of("a reset does nothing", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized void reset(String policy, String key) {
						// nothing
					}

				}, "aResetForgetsWhatWasUsed", "aResetOrWhatIsGivenBackConcernsOneKeyOfOnePolicy"),
				Fault.of("a reset forgets every key", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized void reset(String policy, String key) {
						this.usages.clear();
					}

				}, "aResetForgetsWhatWasUsed", "aResetOrWhatIsGivenBackConcernsOneKeyOfOnePolicy"),
				Fault.of("there is room for a hundred keys", (ticker) -> new ReferenceStore(ticker) {

					@Override
					Usage usage(String policy, String key) {
						if (this.usages.size() > 100) {
							this.usages.clear();
						}
						return super.usage(policy, key);
					}

				}, "thousandsOfClaimsOnOtherKeysDoNotFreeAnExhaustedOne"));
	}

	private static Stream<Fault> time() {
		return Stream
			.of(Fault.of("readings of the clock are compared as they are", (ticker) -> new ReferenceStore(ticker) {

				@Override
				long now() {
					return this.ticker.nanos();
				}

			}, "aClockAtAnyReadingCountsTheSame"),
					Fault.of("idle time is banked", (ticker) -> new ReferenceStore(ticker) {

						@Override
						Model replay(Ledger ledger) {
							Model model = model(ledger.limit);
							ledger.grants.forEach((grant) -> model.take(grant.permits(), grant.moment()));
							if (idle(ledger, 5)) {
								model.take(-ledger.limit.capacity(), now());
							}
							return model;
						}

						private boolean idle(Ledger ledger, long windows) {
							return !ledger.grants.isEmpty() && ledger.grants.get(ledger.grants.size() - 1)
								.moment() < now() - windows * ledger.limit.window().toNanos();
						}

					}, "idleTimeBanksNothingBeyondAFullLimit"), Fault
						.of("what was not used for half a window is forgotten", (ticker) -> new ReferenceStore(ticker) {

							@Override
							Model replay(Ledger ledger) {
								ledger.grants
									.removeIf((grant) -> grant.moment() < now() - ledger.limit.window().toNanos() / 2);
								return super.replay(ledger);
							}

						}, "remembersToTheLastMomentWhileOthersComeAndGo"));
	}

	private static Stream<Fault> replacements() {
		return Stream.of(Fault.of("a replacement forgets what was used", (ticker) -> new ReferenceStore(ticker) {

			@Override
			Ledger adopt(Limit limit, List<Ledger> ledgers) {
				return new Ledger(limit, now());
			}

		}, "whatWasUsedIsKept", "whatWasUsedLeavesWhenItWouldHaveLeft", "aSlidingWindowOutlivesEveryChangeOfItsSize",
				"limitsMayChangePlaces", "aLeakyBucketKeepsThePlacesInItsQueue"),
				Fault.of("a replacement forgets what is too much", (ticker) -> new ReferenceStore(ticker) {

					@Override
					Ledger adopt(Limit limit, List<Ledger> ledgers) {
						Ledger ledger = super.adopt(limit, ledgers);
						long used = ledger.grants.stream().mapToLong(Grant::permits).sum();
						ledger.remove(used - limit.capacity(), 0);
						return ledger;
					}

				}, "aChangeAndItsReversalForgetNothing", "aSlidingWindowOutlivesEveryChangeOfItsSize",
						"peeksAndReplacementsInBetweenTakeAndForgetNothing"),
				Fault.of("a replacement makes what was used older", (ticker) -> new ReferenceStore(ticker) {

					@Override
					Ledger adopt(Limit limit, List<Ledger> ledgers) {
						Ledger ledger = super.adopt(limit, ledgers);
						long less = limit.window().toNanos() / 1000;
						ledger.grants.replaceAll((grant) -> new Grant(grant.moment() - less, grant.permits()));
						return ledger;
					}

				}, "whatWasUsedStaysForItsWholeWindow", "whatWasUsedLeavesWhenItWouldHaveLeft",
						"aSlidingWindowOutlivesEveryChangeOfItsSize"),
				Fault.of("only the latest replacement is remembered", (ticker) -> new ReferenceStore(ticker) {

					private final Set<Usage> seen = new HashSet<>();

					@Override
					Usage usage(String policy, String key) {
						Usage usage = super.usage(policy, key);
						this.seen.add(usage);
						return usage;
					}

					@Override
					synchronized void replace(Policy policy) {
						super.replace(policy);
						this.usages.values().retainAll(this.seen);
						this.seen.clear();
					}

				}, "whatWasUsedIsKeptThroughChangesThatNobodyNoticed"),
				Fault.of("a replacement is ignored", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized void replace(Policy policy) {
						if (policy(policy.name()) == null) {
							super.replace(policy);
						}
					}

				}, "whatWasUsedIsKept", "anAddedLimitStartsFreshAndARemovedOneIsGone",
						"aBatchAndItsLimitersSeeTheSamePolicy"),
				Fault.of("a limiter keeps the policy that it was made for", StateFaults::keepingPolicies,
						"whatWasUsedIsKept", "aChangeAndItsReversalForgetNothing"),
				Fault.of("a replacement is felt by every policy", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized void replace(Policy policy) {
						if (policy(policy.name()) != null && !policy(policy.name()).equals(policy)) {
							this.usages.values().removeIf((usage) -> !usage.policy.equals(policy.name()));
						}
						super.replace(policy);
					}

				}, "otherPoliciesAreUntouched"),
				Fault.of("what was used is kept whatever changes", (ticker) -> new ReferenceStore(ticker) {

					@Override
					Ledger adopt(Limit limit, List<Ledger> ledgers) {
						Ledger ledger = new Ledger(limit, now());
						ledger.grants.addAll(ledgers.get(0).grants);
						return ledger;
					}

				}, "anotherWindowOrAlgorithmStartsFresh"),
				Fault.of("limits are known by their place", (ticker) -> new ReferenceStore(ticker) {

					@Override
					Ledger adopt(Limit limit, List<Ledger> ledgers) {
						return ledgers.isEmpty() ? new Ledger(limit, now())
								: super.adopt(limit, List.of(ledgers.remove(0)));
					}

				}, "limitsMayChangePlaces", "anAddedLimitStartsFreshAndARemovedOneIsGone"),
				Fault.of("binding a policy again forgets what was used", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized void replace(Policy policy) {
						super.replace(policy);
						this.usages.values().removeIf((usage) -> usage.policy.equals(policy.name()));
					}

				}, "theSamePolicyAgainChangesNothing"));
	}

	private static Stream<Fault> returns() {
		return Stream.of(Fault.of("nothing is given back", giving((ledger, permits, held) -> {
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

	private static Function<FakeTicker, RateLimitStore> naming(BinaryOperator<String> naming) {
		return (ticker) -> new ReferenceStore(ticker) {

			@Override
			Object nameOf(String policy, String key) {
				return naming.apply(policy, key);
			}

		};
	}

	private static Function<FakeTicker, RateLimitStore> giving(Return giving) {
		return (ticker) -> new ReferenceStore(ticker) {

			@Override
			void giveBack(Ledger ledger, long permits, long heldNanos) {
				giving.giveBack(ledger, permits, heldNanos);
			}

		};
	}

	private static RateLimitStore keepingPolicies(FakeTicker ticker) {
		return new ReferenceStore(ticker) {

			@Override
			public synchronized BoundPolicy bind(Policy policy) {
				super.bind(policy);
				return new ReferenceLimiter(this, policy.name()) {

					@Override
					public void replace(Policy ignored) {
						// keeps the policy that was bound
					}

				};
			}

		};
	}

	@FunctionalInterface
	private interface Return {

		void giveBack(ReferenceStore.Ledger ledger, long permits, long heldNanos);

	}

}
