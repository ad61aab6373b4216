package io.ratelimit.tck;

import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;

/**
 * Stores that find what they hold under the wrong key, or keep it for the wrong time.
 */
final class StateFaults {

	private StateFaults() {
	}

	static Stream<Fault> all() {
		return Stream.concat(keys(), time());
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
				Fault.of("a reset of all keys does nothing", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized void resetAll(String policy) {
						// nothing
					}

				}, "aResetOfAllKeysConcernsOnePolicy", "thousandsOfKeysAreResetTogether",
						"aResetOfAllKeysGrantsNoMoreThanAWholeLimitAnew"),
				Fault.of("a reset of all keys concerns every policy", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized void resetAll(String policy) {
						this.usages.clear();
					}

				}, "aResetOfAllKeysConcernsOnePolicy"),
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

	private static Function<FakeTicker, RateLimitStore> naming(BinaryOperator<String> naming) {
		return (ticker) -> new ReferenceStore(ticker) {

			@Override
			Object nameOf(String policy, String key) {
				return naming.apply(policy, key);
			}

		};
	}

}
