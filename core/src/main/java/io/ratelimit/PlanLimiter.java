package io.ratelimit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The limiter of a plan, and when it was last used. Safe for use by many threads.
 */
final class PlanLimiter {

	private static final long EXACT_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long LEAST_NANOS = TimeUnit.MINUTES.toNanos(1);

	final Limiter limiter;

	private final long idleNanos;

	private volatile long used;

	PlanLimiter(Limiter limiter, long now) {
		this.limiter = limiter;
		this.used = now;
		this.idleNanos = limiter.policy()
			.limits()
			.stream()
			.map(Limit::memory)
			.mapToLong(Duration::toNanos)
			.reduce(LEAST_NANOS, Math::max);
	}

	/**
	 * Notes a use, to the second.
	 * @return whether the last one was within a second, so that the plan cannot have been
	 * dropped as idle
	 */
	boolean use(long now) {
		if (now - this.used < EXACT_NANOS) {
			return true;
		}
		this.used = now;
		return false;
	}

	/**
	 * Returns whether all that the keys of the plan have used has expired.
	 */
	boolean isIdle(long now) {
		return now - this.used > this.idleNanos + EXACT_NANOS;
	}

	void close() {
		Binding binding = this.limiter.binding();
		binding.bound().close();
		BoundPolicy local = binding.local();
		if (local != null) {
			local.close();
		}
	}

}
