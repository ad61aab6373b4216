package io.ratelimit.tck;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.TokenBucket;

/**
 * Stores that carry over wrongly what was used when a policy is replaced.
 */
final class ReplacementFaults {

	private ReplacementFaults() {
	}

	static Stream<Fault> all() {
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
				Fault.of("a limiter keeps the policy that it was made for", ReplacementFaults::keepingPolicies,
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
				Fault.of("a replacement rounds up what a bucket has used", (ticker) -> new ReferenceStore(ticker) {

					@Override
					Ledger adopt(Limit limit, List<Ledger> ledgers) {
						Ledger ledger = super.adopt(limit, ledgers);
						if (limit instanceof TokenBucket) {
							Model model = replay(ledger);
							long used = limit.capacity() - model.remaining(now());
							ledger.grants.clear();
							ledger.grants.add(new Grant(now(), used));
						}
						return ledger;
					}

				}, "aBucketRefillsHoweverOftenItIsReplaced"),
				Fault.of("binding a policy again forgets what was used", (ticker) -> new ReferenceStore(ticker) {

					@Override
					synchronized void replace(Policy policy) {
						super.replace(policy);
						this.usages.values().removeIf((usage) -> usage.policy.equals(policy.name()));
					}

				}, "theSamePolicyAgainChangesNothing"));
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

}
