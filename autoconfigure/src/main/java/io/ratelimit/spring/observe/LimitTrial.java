package io.ratelimit.spring.observe;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Policy;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.observe.Demand.Second;
import io.ratelimit.spring.observe.RecentDemand.Sample;

/**
 * What limits would have decided on recent demand, each key beginning with nothing used:
 * found out by the store that counts in process, on a clock of its own.
 *
 * @param requests number of requests of the sample
 * @param refused number of those that would have been refused
 * @param keys number of keys of the sample
 * @param refusedKeys number of those that would have been refused at least once
 */
record LimitTrial(long requests, long refused, long keys, long refusedKeys) {

	/** Most claims of a trial, which then takes a tenth of a second, about. */
	private static final long MOST_CLAIMS = 500_000;

	private static final long SECOND = 1_000_000_000L;

	/**
	 * Tries limits.
	 * @param policy a policy with the limits
	 * @param sample the demand
	 * @param begin when the demand began, for windows of the calendar
	 */
	static LimitTrial of(Policy policy, Sample sample, Instant begin) {
		long requests = sample.traces().stream().flatMap(List::stream).mapToLong(Second::requests).sum();
		long group = requests / MOST_CLAIMS + 1;
		AtomicLong now = new AtomicLong();
		try (CaffeineRateLimitStore store = CaffeineRateLimitStore.builder()
			.ticker(now::get)
			.clock(Clock.fixed(begin, ZoneOffset.UTC))
			.build()) {
			BoundPolicy bound = store.bind(policy);
			long refused = 0;
			long refusedKeys = 0;
			for (int key = 0; key < sample.traces().size(); key++) {
				long refusals = 0;
				for (Second second : sample.traces().get(key)) {
					refusals += refused(bound, Integer.toString(key), second, group, now);
				}
				refused += refusals;
				refusedKeys += (refusals > 0) ? 1 : 0;
			}
			return new LimitTrial(requests, refused, sample.traces().size(), refusedKeys);
		}
	}

	/**
	 * Claims the requests of a second, evenly over it.
	 * @param group how many of them are claimed together
	 * @return how many were refused
	 */
	private static long refused(BoundPolicy bound, String key, Second second, long group, AtomicLong now) {
		long cost = Math.max(1L, second.permits() / second.requests());
		long refused = 0;
		for (long done = 0; done < second.requests(); done += group) {
			now.set(second.second() * SECOND + done * SECOND / second.requests());
			long together = Math.min(group, second.requests() - done);
			refused += bound.tryAcquire(key, together * cost).allowed() ? 0 : together;
		}
		return refused;
	}

}
