package io.ratelimit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warnings of plans that cannot be told or counted, one a minute. Safe for use by many
 * threads.
 */
final class PlanWarnings {

	private static final Logger logger = LoggerFactory.getLogger(RateLimits.class);

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final LongSupplier nanoTime;

	private final AtomicLong next;

	PlanWarnings(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.next = new AtomicLong(nanoTime.getAsLong());
	}

	void failed(String policy, Throwable failure) {
		if (isDue()) {
			logger.warn("The LimitResolver failed for a key of policy '{}', whose own limits apply; this is logged "
					+ "once a minute", policy, failure);
		}
	}

	void tooMany(int most, String policy) {
		if (isDue()) {
			logger.warn(
					"{} plans with different names or limits are in use, which is the most; keys with another plan "
							+ "of policy '{}' are limited by the policy's own limits. This is logged once a minute",
					most, policy);
		}
	}

	private boolean isDue() {
		long now = this.nanoTime.getAsLong();
		long due = this.next.get();
		return now - due >= 0 && this.next.compareAndSet(due, now + QUIET_NANOS);
	}

}
