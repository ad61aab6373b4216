package io.ratelimit.spring.observe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitListener;
import io.ratelimit.spring.observe.Demand.Second;
import org.jspecify.annotations.Nullable;

/**
 * Demand of the last five to ten minutes by policy, to try other limits on. Takes no more
 * than a million bytes for each policy, and nothing where limits cannot be changed. Safe
 * for use by many threads.
 */
final class RecentDemand implements RateLimitListener {

	static final long HALF_NANOS = TimeUnit.MINUTES.toNanos(5);

	private static final RateLimitListener NONE = new RateLimitListener() {
	};

	private final LongSupplier clock;

	private final boolean wanted;

	private final Map<String, Halves> policies = new ConcurrentHashMap<>();

	/**
	 * Creates a listener.
	 * @param clock tells the time, in nanoseconds from anywhere
	 * @param wanted whether anything is to be noted
	 */
	RecentDemand(LongSupplier clock, boolean wanted) {
		this.clock = clock;
		this.wanted = wanted;
	}

	@Override
	public RateLimitListener forPolicy(Policy policy) {
		return this.wanted ? this.policies.computeIfAbsent(policy.name(), (name) -> new Halves(this.clock)) : NONE;
	}

	/**
	 * Returns whether anything is noted.
	 */
	boolean isWanted() {
		return this.wanted;
	}

	/**
	 * Returns what was asked of a policy.
	 * @param policy name of the policy
	 */
	Sample sample(String policy) {
		Halves halves = this.policies.get(policy);
		return (halves != null) ? halves.sample() : new Sample(0, 1, List.of());
	}

	/**
	 * What a sample of the keys asked for.
	 *
	 * @param nanos length of the time that it is of
	 * @param share share of the keys that are in it
	 * @param traces what each key asked for, by seconds since the begin
	 */
	record Sample(long nanos, double share, List<List<Second>> traces) {

	}

	/**
	 * The demand of this half of the time, and of the former.
	 */
	private static final class Halves implements RateLimitListener {

		private final LongSupplier clock;

		private volatile Demand current;

		private volatile @Nullable Demand former;

		private Halves(LongSupplier clock) {
			this.clock = clock;
			this.current = new Demand(clock.getAsLong());
		}

		@Override
		public void onDecision(String key, long permits, Decision decision) {
			long now = this.clock.getAsLong();
			current(now).add(key, permits, now);
		}

		private Sample sample() {
			long now = this.clock.getAsLong();
			Demand current = current(now);
			Demand former = this.former;
			if (former == null) {
				return new Sample(now - current.begin(), current.share(),
						List.copyOf(current.traces(current.share()).values()));
			}
			double share = Math.min(current.share(), former.share());
			int offset = (int) ((current.begin() - former.begin()) / 1_000_000_000L);
			Map<Integer, List<Second>> traces = new HashMap<>(former.traces(share));
			current.traces(share)
				.forEach((hash, seconds) -> traces.merge(hash, later(seconds, offset), RecentDemand::joined));
			return new Sample(now - former.begin(), share, List.copyOf(traces.values()));
		}

		private Demand current(long now) {
			Demand current = this.current;
			return (now - current.begin() < HALF_NANOS) ? current : turned(now);
		}

		private synchronized Demand turned(long now) {
			long halves = (now - this.current.begin()) / HALF_NANOS;
			if (halves > 0) {
				this.former = (halves == 1) ? this.current : null;
				this.current = new Demand(this.current.begin() + halves * HALF_NANOS);
			}
			return this.current;
		}

		private static List<Second> later(List<Second> seconds, int offset) {
			return seconds.stream()
				.map((each) -> new Second(each.second() + offset, each.requests(), each.permits()))
				.toList();
		}

	}

	private static List<Second> joined(List<Second> former, List<Second> current) {
		List<Second> joined = new ArrayList<>(former);
		joined.addAll(current);
		return joined;
	}

}
