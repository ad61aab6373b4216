package io.ratelimit.sample;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Ticker;

/**
 * A clock that stands still until it is turned. As a bean it is what limits count by.
 */
final class HandClock implements Ticker {

	private final AtomicLong nanos = new AtomicLong();

	@Override
	public long read() {
		return this.nanos.get();
	}

	void advance(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	/**
	 * Turns the clock on so far that no limit remembers anything.
	 */
	void forget() {
		advance(Duration.ofHours(2));
	}

}
