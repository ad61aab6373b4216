package io.ratelimit.benchmarks;

import java.util.concurrent.locks.LockSupport;

import io.ratelimit.BoundPolicy;

/**
 * Keys that are over their limit and keep asking, each every few milliseconds, and a log
 * of what each of them was granted.
 */
final class Knocker implements Runnable {

	static final int KEYS = 100;

	private static final long PAUSE_NANOS = 2_000_000;

	private final BoundPolicy limiter;

	private final String[] keys = new String[KEYS];

	private final GrantLog[] logs = new GrantLog[KEYS];

	private long rounds;

	private volatile boolean stopped;

	Knocker(BoundPolicy limiter) {
		this.limiter = limiter;
		for (int i = 0; i < KEYS; i++) {
			this.keys[i] = Addresses.of(-1 - i); // no stranger's
			this.logs[i] = new GrantLog();
		}
	}

	/**
	 * Uses the limits up.
	 * @param permits the permits of the limit
	 */
	void exhaust(int permits) {
		for (int i = 0; i < permits; i++) {
			knock();
		}
	}

	@Override
	public void run() {
		while (!this.stopped) {
			knock();
			LockSupport.parkNanos(PAUSE_NANOS);
		}
	}

	void stop() {
		this.stopped = true;
	}

	/**
	 * Returns the logs. To be read once the thread has ended.
	 */
	GrantLog[] logs() {
		return this.logs;
	}

	long rounds() {
		return this.rounds;
	}

	private void knock() {
		for (int i = 0; i < KEYS; i++) {
			long before = System.nanoTime();
			if (this.limiter.tryAcquire(this.keys[i], 1).allowed()) {
				this.logs[i].add(before, System.nanoTime());
			}
		}
		this.rounds++;
	}

}
