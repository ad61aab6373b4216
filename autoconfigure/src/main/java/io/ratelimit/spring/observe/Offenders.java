package io.ratelimit.spring.observe;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitListener;
import io.ratelimit.spring.observe.RecentRefusals.Summary;
import org.jspecify.annotations.Nullable;

/**
 * The keys being refused, by policy, over the last five to ten minutes. Takes no more
 * than 80,000 bytes for each policy, however many keys there are. Those whom a policy in
 * shadow mode would refuse count as refused. Safe for use by many threads.
 */
final class Offenders implements RateLimitListener {

	private final Map<String, RecentRefusals> policies = new ConcurrentHashMap<>();

	private final LongSupplier clock;

	/**
	 * Creates a listener.
	 * @param clock tells the time, in nanoseconds from anywhere
	 */
	public Offenders(LongSupplier clock) {
		this.clock = clock;
	}

	@Override
	public void onDecision(String key, long permits, Decision decision) {
		if (!decision.allowed() && decision.counted()) {
			long now = this.clock.getAsLong();
			refusals(decision.policy().name(), now).add(key, now);
		}
	}

	@Override
	public void onResetAll(Policy policy) {
		this.policies.remove(policy.name());
	}

	/**
	 * Returns what is known of a policy's refusals.
	 * @param policy name of the policy
	 * @param most how many offenders to list, the worst first
	 */
	Summary summary(String policy, int most) {
		RecentRefusals refusals = this.policies.get(policy);
		return (refusals != null) ? refusals.summary(most, this.clock.getAsLong()) : new Summary(0, 0, List.of());
	}

	/**
	 * Returns an offender of a policy, or {@code null} if there is none such.
	 */
	@Nullable String find(String policy, Predicate<String> condition) {
		return summary(policy, Integer.MAX_VALUE).worst()
			.stream()
			.map(Offender::key)
			.filter(condition)
			.findFirst()
			.orElse(null);
	}

	private RecentRefusals refusals(String policy, long now) {
		RecentRefusals refusals = this.policies.get(policy);
		return (refusals != null) ? refusals : this.policies.computeIfAbsent(policy, (name) -> new RecentRefusals(now));
	}

}
