package io.ratelimit.spring.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitListener;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;

/**
 * Counts decisions by policy and outcome, those that came near a limit, and what the
 * store could not answer. Holds no key, and as much for each policy however many
 * decisions there are. Safe for use by many threads.
 */
final class DecisionCounts implements RateLimitListener {

	private final Map<String, PolicyCounts> policies = new ConcurrentHashMap<>();

	/** Guarded by itself, as is the adding of policies. */
	private final List<Consumer<String>> told = new ArrayList<>();

	private final Tally<Kind> failures = new Tally<>(Kind.class);

	@Override
	public RateLimitListener forPolicy(Policy policy) {
		return counts(policy.name());
	}

	@Override
	public void onDecision(String key, long permits, Decision decision) {
		counts(decision.policy().name()).onDecision(key, permits, decision);
	}

	@Override
	public void onStoreFailure(RateLimitStoreException failure) {
		this.failures.increment(failure.kind());
	}

	/**
	 * Calls back for every policy that is counted: for those there are at once, and for
	 * the others as they come.
	 * @param action called with each policy's name once
	 */
	public void forEachPolicy(Consumer<String> action) {
		synchronized (this.told) {
			this.told.add(action);
			this.policies.keySet().forEach(action);
		}
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

	/**
	 * Returns how many decisions of a policy were made by the local store, as the other
	 * one could not answer. Each of them has an outcome as any other.
	 * @param policy the policy's name
	 * @return the number of decisions so far
	 */
	public long local(String policy) {
		PolicyCounts counts = this.policies.get(policy);
		return (counts != null) ? counts.local() : 0;
	}

	/**
	 * Returns how many calls the store could not answer.
	 * @param kind the kind of failure
	 * @return the number of failures so far
	 */
	public long failures(Kind kind) {
		return this.failures.of(kind);
	}

	private PolicyCounts counts(String policy) {
		PolicyCounts counts = this.policies.get(policy);
		return (counts != null) ? counts : add(policy);
	}

	private PolicyCounts add(String policy) {
		synchronized (this.told) {
			PolicyCounts added = new PolicyCounts();
			PolicyCounts known = this.policies.putIfAbsent(policy, added);
			if (known == null) {
				this.told.forEach((action) -> action.accept(policy));
			}
			return (known != null) ? known : added;
		}
	}

	/**
	 * The counts of one policy.
	 */
	private static final class PolicyCounts implements RateLimitListener {

		private static final int FIFTH = 5;

		private final Tally<Outcome> outcomes = new Tally<>(Outcome.class);

		private final LongAdder near = new LongAdder();

		private final LongAdder local = new LongAdder();

		@Override
		public void onDecision(String key, long permits, Decision decision) {
			this.outcomes.increment(Outcome.of(decision));
			if (decision.counted() && decision.retryAfterNanos() != Decision.NEVER
					&& decision.remaining() <= decision.limit().capacity() / FIFTH) {
				this.near.increment();
			}
			if (decision.local()) {
				this.local.increment();
			}
		}

		long count(Outcome outcome) {
			return this.outcomes.of(outcome);
		}

		long near() {
			return this.near.sum();
		}

		long local() {
			return this.local.sum();
		}

	}

}
