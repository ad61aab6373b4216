package io.ratelimit.tck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;

/**
 * Stores that take or answer wrongly.
 */
final class ClaimFaults {

	private ClaimFaults() {
	}

	static Stream<Fault> all() {
		return Stream.of(claims(), answers(), policies(), batches()).flatMap((faults) -> faults);
	}

	private static Stream<Fault> claims() {
		return Stream.of(Fault.of("a refusal is charged", (ticker) -> new ReferenceStore(ticker) {

			@Override
			synchronized Decision tryAcquire(String policy, String key, long permits) {
				Decision decision = super.tryAcquire(policy, key, permits);
				if (!decision.allowed()) {
					charge(policy, key, 1);
				}
				return decision;
			}

		}, "aRefusalLeavesNoTraceHoweverOften", "isRefusedUntilExactlyRetryAfterAndAllowedAtIt",
				"moreThanTheCapacityIsNeverGranted", "nothingComesBackWhileTimeStandsStill"),
				Fault.of("permits are charged as one", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized void charge(String policy, String key, long permits) {
						super.charge(policy, key, 1);
					}

				}, "manyPermitsAreAsManyClaimsOfOne", "anUnusedKeyHasItsWholeLimit"),
				Fault.of("claims of nothing are granted", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized Decision tryAcquire(String policy, String key, long permits) {
						return (permits < 1) ? peek(policy, key) : super.tryAcquire(policy, key, permits);
					}

				}, "lessThanOnePermitIsNoClaim"), Fault.of("a peek is charged", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized Decision peek(String policy, String key) {
						Decision decision = super.peek(policy, key);
						tryAcquire(policy, key, 1);
						return decision;
					}

				}, "aPeekTakesNothingAndTellsTheNextAnswer", "peeksAndReplacementsInBetweenTakeAndForgetNothing"),
				Fault.of("a peek tells what would be left", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized Decision peek(String policy, String key) {
						return decide(new NamedClaim(policy(policy), key, 1), 1, 1);
					}

				}, "aPeekTakesNothingAndTellsTheNextAnswer"),
				Fault.of("a stage takes twice", limiters((store, name) -> new ReferenceLimiter(store, name) {

					@Override
					public CompletionStage<Decision> tryAcquireAsync(String key, long permits) {
						tryAcquire(key, permits);
						return super.tryAcquireAsync(key, permits);
					}

				}), "theStageOfADecisionHoldsTheSameDecision", "stagesCompletedByManyThreadsTakeExactlyTheLimit"));
	}

	private static Stream<Fault> answers() {
		return Stream.of(
				Fault.of("retry-after is one step short", deciding((decision) -> waiting(decision, -1)),
						"isRefusedUntilExactlyRetryAfterAndAllowedAtIt", "decidesLikeALogOfEveryGrantUpTo64Permits",
						"passesAtTheLongestWaitOfItsLimitsAndNotBefore",
						"isRefusedUntilExactlyTheLongestRetryAfterAndAllowedAtIt"),
				Fault.of("retry-after is one step long", deciding((decision) -> waiting(decision, 1)),
						"isRefusedUntilExactlyRetryAfterAndAllowedAtIt",
						"isRefusedUntilExactlyTheLongestRetryAfterAndAllowedAtIt"),
				Fault.of("what can never be granted is put off", deciding((decision) -> putOff(decision)),
						"moreThanTheCapacityIsNeverGranted", "moreThanTheSmallestLimitHoldsIsNeverGranted"),
				Fault.of("reset-after is always the window", deciding((decision) -> resetting(decision)),
						"hasMoreLeftExactlyAtResetAfterAndNotBefore"));
	}

	private static Stream<Fault> policies() {
		return Stream.of(Fault.of("limits are charged one after the other", (ticker) -> new ReferenceStore(ticker) {

			@Override
			synchronized Decision tryAcquire(String policy, String key, long permits) {
				Decision decision = decide(new NamedClaim(policy(policy), key, permits), permits, permits);
				for (Ledger ledger : usage(policy, key).ledgers) {
					if (replay(ledger).retryAfter(permits, now()) > 0) {
						break;
					}
					ledger.grants.add(new Grant(now(), permits));
				}
				return decision;
			}

		}, "takesAllOfItsLimitsOrNone", "aRefusalByOneLimitIsNotChargedToAnother"),
				Fault.of("the first limit always binds", (ticker) -> new ReferenceStore(ticker) {

					@Override
					Decision allow(Policy policy, List<Model> models, long permits, long taken) {
						super.allow(policy, models, permits, taken);
						return super.allow(policy, models.subList(0, 1), permits, 0);
					}

				}, "theLimitWithTheLeastLeftForItsSizeBinds"),
				Fault.of("only one limit says that it refused", deciding((decision) -> alone(decision)),
						"theRefusingLimitWithTheLongestWaitBindsAndTheOthersFollow", "takesAllOfItsLimitsOrNone"));
	}

	private static Stream<Fault> batches() {
		return Stream.of(
				Fault.of("a refused batch keeps what it took",
						batch((store, claims) -> claims.stream()
							.map((claim) -> store.tryAcquire(claim.policy().name(), claim.key(), claim.permits()))
							.toList()),
						"aRefusedBatchTakesNothingWhereverTheRefusalStands", "randomBatchesTakeAllOrNothing"),
				Fault.of("the claims of a batch are looked at one by one", batch((store, claims) -> {
					List<Decision> views = claims.stream()
						.map((claim) -> store.decide(claim, claim.permits(), claim.permits()))
						.toList();
					if (views.stream().allMatch(Decision::allowed)) {
						claims.forEach((claim) -> store.charge(claim.policy().name(), claim.key(), claim.permits()));
					}
					return views;
				}), "theSamePolicyAndKeyTwiceCountsAsTheSum", "randomBatchesTakeAllOrNothing"),
				Fault.of("a batch is answered backwards", (ticker) -> new ReferenceStore(ticker) {

					@Override
					public synchronized List<Decision> decideAll(List<NamedClaim> claims) {
						List<Decision> decisions = new ArrayList<>(super.decideAll(claims));
						Collections.reverse(decisions);
						return decisions;
					}

				}, "aGrantedBatchTakesEveryClaimAndDecidesInItsOrder",
						"aRefusedBatchTakesNothingWhereverTheRefusalStands"),
				Fault.of("an empty batch is answered", (ticker) -> new ReferenceStore(ticker) {

					@Override
					public synchronized List<Decision> decideAll(List<NamedClaim> claims) {
						return claims.isEmpty() ? Collections.nCopies(1, null) : super.decideAll(claims);
					}

				}, "mayBeEmptyAndNeverHoldsLessThanOnePermit"),
				Fault.of("the stage of a batch takes nothing", (ticker) -> new ReferenceStore(ticker) {

					@Override
					public CompletionStage<List<Decision>> tryAcquireAllAsync(List<BoundClaim> claims) {
						return CompletableFuture.completedStage(claims.stream()
							.map((claim) -> decide(new NamedClaim(claim.policy().policy(), claim.key(), 1),
									claim.permits(), 1))
							.toList());
					}

				}, "theStageOfABatchHoldsTheSameDecisions"));
	}

	static Function<FakeTicker, RateLimitStore> limiters(BiFunction<ReferenceStore, String, BoundPolicy> limiter) {
		return (ticker) -> new ReferenceStore(ticker) {

			@Override
			public synchronized BoundPolicy bind(Policy policy) {
				super.bind(policy);
				return limiter.apply(this, policy.name());
			}

		};
	}

	private static Function<FakeTicker, RateLimitStore> batch(
			BiFunction<ReferenceStore, List<NamedClaim>, List<Decision>> batch) {
		return (ticker) -> new ReferenceStore(ticker) {

			@Override
			public synchronized List<Decision> decideAll(List<NamedClaim> claims) {
				return batch.apply(this, claims);
			}

		};
	}

	private static Function<FakeTicker, RateLimitStore> deciding(UnaryOperator<Decision> change) {
		return (ticker) -> new ReferenceStore(ticker) {

			@Override
			Decision decide(NamedClaim claim, long permits, long taken) {
				return change.apply(super.decide(claim, permits, taken));
			}

		};
	}

	private static Decision waiting(Decision decision, long more) {
		long wait = decision.retryAfterNanos();
		return (wait == 0 || wait == Decision.NEVER) ? decision : Decision.denied(decision.policy(), decision.limit(),
				decision.remaining(), wait + more, decision.resetAfterNanos(), decision.next());
	}

	private static Decision putOff(Decision decision) {
		return (decision.retryAfterNanos() == Decision.NEVER)
				? waiting(Decision.denied(decision.policy(), decision.limit(), decision.remaining(),
						decision.limit().window().toNanos(), decision.resetAfterNanos(), decision.next()), 0)
				: decision;
	}

	private static Decision resetting(Decision decision) {
		long window = decision.limit().window().toNanos();
		return decision.allowed()
				? Decision.allowed(decision.policy(), decision.limit(), decision.remaining(), decision.delayNanos(),
						window, decision.moment())
				: Decision.denied(decision.policy(), decision.limit(), decision.remaining(), decision.retryAfterNanos(),
						window, decision.next());
	}

	private static Decision alone(Decision decision) {
		return decision.allowed() ? decision : Decision.denied(decision.policy(), decision.limit(),
				decision.remaining(), decision.retryAfterNanos(), decision.resetAfterNanos(), null);
	}

}
