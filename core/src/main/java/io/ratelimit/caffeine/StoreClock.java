package io.ratelimit.caffeine;

import java.time.Clock;
import java.time.Instant;

import com.github.benmanes.caffeine.cache.Ticker;

/**
 * The clock of a store: nanoseconds since the store was made, which never run backwards
 * below zero, and the wall time that belongs to them.
 *
 * <p>
 * Wall time is kept as an offset to the monotonic ticker, so that a step of the system's
 * clock cannot make a window longer or shorter while it runs. {@link #align()} takes the
 * offset anew.
 */
final class StoreClock {

	private final Ticker ticker;

	private final Clock wall;

	private final long origin;

	private volatile long offset;

	StoreClock(Ticker ticker, Clock wall) {
		this.ticker = ticker;
		this.wall = wall;
		this.origin = ticker.read();
		align();
	}

	/**
	 * Returns the time since this clock was made.
	 * @return nanoseconds, never negative
	 */
	long now() {
		return Math.max(0, this.ticker.read() - this.origin);
	}

	/**
	 * Returns the wall time of a moment.
	 * @param now a moment of this clock
	 * @return nanoseconds since the epoch
	 */
	long wallNanos(long now) {
		return now + this.offset;
	}

	/**
	 * Returns what wall time is ahead of this clock.
	 * @return nanoseconds, which {@link #align()} may change
	 */
	long offset() {
		return this.offset;
	}

	/**
	 * Aligns wall time to the system's clock.
	 */
	void align() {
		Instant instant = this.wall.instant();
		this.offset = instant.getEpochSecond() * 1_000_000_000L + instant.getNano() - now();
	}

}
