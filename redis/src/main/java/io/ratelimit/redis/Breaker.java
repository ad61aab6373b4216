package io.ratelimit.redis;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a server from being asked for a while once it has failed several times in a row:
 * a tenth of a second at first, twice as long each time that one more try fails, a second
 * at most. Safe for use by many threads.
 */
/*
 * A try holds one caller for a timeout, so that a try a second costs little; and until it
 * succeeds nothing is counted although the server may be back.
 */
final class Breaker {

	private static final int FAILURES = 5;

	private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

	private final LongSupplier nanoTime;

	private volatile int failures;

	private long pause;

	private long until;

	private boolean trying;

	Breaker(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Returns whether to ask the server. When a pause is over one caller is admitted, and
	 * the others once that one has been answered.
	 */
	boolean admits() {
		return this.failures < FAILURES || tryAgain();
	}

	/**
	 * Returns whether {@link #admits()} would return {@code true} now.
	 */
	boolean isReady() {
		return this.failures < FAILURES || isPauseOver();
	}

	/**
	 * Takes back the last admission, which was not used.
	 */
	synchronized void release() {
		if (this.trying) {
			this.trying = false;
			this.until = this.nanoTime.getAsLong();
		}
	}

	/**
	 * Returns whether the server has failed several times in a row.
	 */
	boolean isOpen() {
		return this.failures >= FAILURES;
	}

	void succeeded() {
		if (this.failures > 0) {
			close();
		}
	}

	synchronized void failed() {
		if (this.failures < FAILURES) {
			this.failures++;
			if (this.failures == FAILURES) {
				pause(FIRST_PAUSE);
			}
		}
		else if (this.trying) {
			pause(Math.min(LONGEST_PAUSE, 2 * this.pause));
		}
	}

	private synchronized boolean isPauseOver() {
		return this.nanoTime.getAsLong() - this.until >= 0;
	}

	private synchronized boolean tryAgain() {
		if (this.failures < FAILURES) {
			return true;
		}
		if (!isPauseOver()) {
			return false;
		}
		pause(this.pause); // in case the outcome of this try is never noted
		this.trying = true;
		return true;
	}

	private synchronized void close() {
		this.failures = 0;
	}

	private void pause(long nanos) {
		this.pause = nanos;
		this.until = this.nanoTime.getAsLong() + nanos;
		this.trying = false;
	}

}
