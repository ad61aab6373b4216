package io.ratelimit.spring.observe;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.spring.observe.RecentDemand.Sample;
import io.ratelimit.spring.policy.LivePolicies;
import org.jspecify.annotations.Nullable;

/**
 * Changes that an operator makes, each of which is noted, and what they would come to.
 * Safe for use by many threads.
 */
final class Changes {

	private static final double NANOS = 1e9;

	private final LivePolicies policies;

	private final RecentDemand demand;

	private final InstantSource clock;

	private final ChangeLog log;

	Changes(LivePolicies policies, RecentDemand demand, InstantSource clock) {
		this.policies = policies;
		this.demand = demand;
		this.clock = clock;
		this.log = new ChangeLog(clock);
	}

	/**
	 * Returns the last changes, the latest first.
	 */
	List<ChangeReport> list() {
		return this.log.changes();
	}

	/**
	 * Changes limits or mode of a policy, or both, at once.
	 * @throws IllegalArgumentException if that cannot be; the policy is what it was
	 */
	synchronized Policy change(@Nullable String by, Limiter limiter, @Nullable String limits, @Nullable String mode) {
		Policy before = limiter.policy();
		Policy after = this.policies.change(before.name(), limits, mode);
		this.log.changed(by, before, after);
		return after;
	}

	void reset(@Nullable String by, Limiter limiter, String key, String id) {
		limiter.reset(key);
		this.log.reset(by, limiter.policy(), id);
	}

	void resetAll(@Nullable String by, Limiter limiter) {
		limiter.resetAll();
		this.log.resetAll(by, limiter.policy());
	}

	/**
	 * Returns what other limits of a policy would have refused lately.
	 * @throws IllegalArgumentException if the policy cannot have them
	 */
	PreviewReport preview(String policy, @Nullable String limits) {
		if (!this.demand.isWanted()) {
			throw new IllegalArgumentException("requests are noted only where limits can be changed: set "
					+ "management.endpoint.ratelimits.access to unrestricted");
		}
		if (limits == null) {
			throw new IllegalArgumentException("say which limits to try: limits=100/1m");
		}
		Policy tried = this.policies.tried(policy, limits, null);
		Policy current = this.policies.tried(policy, null, null);
		Sample sample = this.demand.sample(policy);
		Instant begin = this.clock.instant().minus(Duration.ofNanos(sample.nanos()));
		return new PreviewReport(policy, tried.limits().stream().map(Limit::toString).toList(), sample.nanos() / NANOS,
				sample.share(), LimitTrial.of(tried, sample, begin), LimitTrial.of(current, sample, begin));
	}

}
