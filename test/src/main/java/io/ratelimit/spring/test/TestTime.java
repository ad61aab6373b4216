package io.ratelimit.spring.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import com.github.benmanes.caffeine.cache.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The time that limits go by in a test: that of the system, unless it is turned forward
 * or stopped. It never runs backwards. Safe for use by many threads.
 */
final class TestTime implements Ticker, InstantSource {

	/** What this is ahead of the system's time. */
	private Duration ahead = Duration.ZERO;

	/** When time was stopped, by the system's ticker; {@code null} while it goes on. */
	private @Nullable Long stopped;

	@Override
	public synchronized long read() {
		long system = (this.stopped != null) ? this.stopped : System.nanoTime();
		return system + this.ahead.toNanos();
	}

	@Override
	public synchronized Instant instant() {
		Duration standing = (this.stopped != null) ? Duration.ofNanos(System.nanoTime() - this.stopped) : Duration.ZERO;
		return Instant.now().plus(this.ahead).minus(standing);
	}

	synchronized void advance(Duration time) {
		if (time.isNegative()) {
			throw new IllegalArgumentException("time cannot be turned back by %s".formatted(time.negated()));
		}
		this.ahead = this.ahead.plus(time);
	}

	synchronized void stop() {
		if (this.stopped == null) {
			this.stopped = System.nanoTime();
		}
	}

	/**
	 * Has time go on from where it was stopped.
	 */
	synchronized void start() {
		if (this.stopped != null) {
			this.ahead = this.ahead.minusNanos(System.nanoTime() - this.stopped);
			this.stopped = null;
		}
	}

}
