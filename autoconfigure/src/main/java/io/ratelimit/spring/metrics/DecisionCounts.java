package io.ratelimit.spring.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.ratelimit.Decision;
import io.ratelimit.RateLimitListener;

/**
 * Counts decisions by policy and outcome, and those that came near a limit. Holds no key,
 * and as much for each policy however many decisions there are. Safe for use by many
 * threads.
 */
public final class DecisionCounts implements RateLimitListener {

	private final Map<String, PolicyCounts> policies = new ConcurrentHashMap<>();

	@Override
	public void onDecision(String key, long permits, Decision decision) {
		counts(decision.policy().name()).add(decision);
	}

	/**
	 * Returns how many decisions of a policy had an outcome.
	 * @param policy the policy's name
	 * @param outcome the outcome
	 * @return the number of decisions so far
	 */
	public long count(String policy, Outcome outcome) {
		PolicyCounts counts = this.policies.get(policy);
		return (counts != null) ? counts.count(outcome) : 0;
	}

	/**
	 * Returns how many decisions of a policy found 80% of a limit or more used, the
	 * denied ones included.
	 * @param policy the policy's name
	 * @return the number of decisions so far
	 */
	public long near(String policy) {
		PolicyCounts counts = this.policies.get(policy);
		return (counts != null) ? counts.near() : 0;
	}

	private PolicyCounts counts(String policy) {
		PolicyCounts counts = this.policies.get(policy);
		return (counts != null) ? counts : this.policies.computeIfAbsent(policy, (name) -> new PolicyCounts());
	}

	/**
	 * The counts of one policy.
	 */
	private static final class PolicyCounts {

		private static final int FIFTH = 5;

		private final Tally<Outcome> outcomes = new Tally<>(Outcome.class);

		private final LongAdder near = new LongAdder();

		void add(Decision decision) {
			this.outcomes.increment(Outcome.of(decision));
			if (decision.counted() && decision.retryAfterNanos() != Decision.NEVER
					&& decision.remaining() <= decision.limit().capacity() / FIFTH) {
				this.near.increment();
			}
		}

		long count(Outcome outcome) {
			return this.outcomes.of(outcome);
		}

		long near() {
			return this.near.sum();
		}

	}

}
