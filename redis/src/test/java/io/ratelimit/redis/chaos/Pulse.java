package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How late a thread of this machine wakes. A call can be late by as much, whatever the
 * store does.
 */
final class Pulse implements AutoCloseable {

	private static final long BEAT = TimeUnit.MILLISECONDS.toNanos(10);

	private volatile long latest;

	private volatile boolean running = true;

	Pulse() {
		Thread thread = new Thread(this::run, "pulse");
		thread.setDaemon(true);
		thread.start();
	}

	Duration latest() {
		return Duration.ofNanos(this.latest);
	}

	@Override
	public void close() {
		this.running = false;
	}

	private void run() {
		while (this.running) {
			long begin = System.nanoTime();
			LockSupport.parkNanos(BEAT);
			this.latest = Math.max(this.latest, System.nanoTime() - begin - BEAT);
		}
	}

}
