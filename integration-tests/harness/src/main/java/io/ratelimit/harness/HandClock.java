package io.ratelimit.harness;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Ticker;

/**
 * A clock that stands still until it is turned.
 */
public final class HandClock implements Ticker {

	private final AtomicLong nanos = new AtomicLong(1_000_000_007L);

	@Override
	public long read() {
		return this.nanos.get();
	}

	/**
	 * Turns the clock on.
	 * @param time how far
	 */
	public void advance(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

}
