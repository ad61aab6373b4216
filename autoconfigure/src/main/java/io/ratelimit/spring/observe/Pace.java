package io.ratelimit.spring.observe;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Admits a number of events a second, and counts the others. Safe for use by many
 * threads, none of which ever waits.
 */
final class Pace {

	/** What {@link #next()} says of one that is left out. */
	static final long LEFT_OUT = -1;

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final int perSecond;

	private final LongSupplier nanoTime;

	private final AtomicLong leftOut = new AtomicLong();

	/** Written under the lock of this. */
	private volatile long begin;

	/** Written under the lock of this. */
	private volatile int passed;

	Pace(int perSecond, LongSupplier nanoTime) {
		this.perSecond = perSecond;
		this.nanoTime = nanoTime;
		this.begin = nanoTime.getAsLong();
	}

	/**
	 * Admits an event, or counts it as left out.
	 * @return how many were left out since the last that was let through, or
	 * {@link #LEFT_OUT}
	 */
	long next() {
		long now = this.nanoTime.getAsLong();
		if ((this.passed < this.perSecond || now - this.begin >= SECOND) && pass(now)) {
			return this.leftOut.getAndSet(0);
		}
		this.leftOut.incrementAndGet();
		return LEFT_OUT;
	}

	private synchronized boolean pass(long now) {
		if (now - this.begin >= SECOND) {
			this.begin = now;
			this.passed = 0;
		}
		if (this.passed >= this.perSecond) {
			return false;
		}
		this.passed++;
		return true;
	}

}
