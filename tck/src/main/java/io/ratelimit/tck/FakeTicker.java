package io.ratelimit.tck;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A ticker that stands still until it is turned, and the wall clock that goes with it.
 * Its {@link #nanos()} has the shape of {@link java.util.function.LongSupplier} and of
 * the tickers of caching libraries. Safe for use by many threads.
 */
public final class FakeTicker implements ContractClock {

	private final Instant start;

	private final Duration resolution;

	private final AtomicLong elapsed = new AtomicLong();

	private volatile long origin;

	/**
	 * Makes a ticker of nanoseconds that begins some way into a second.
	 */
	public FakeTicker() {
		this(Instant.parse("2026-07-01T09:30:17.123456Z"), Duration.ofNanos(1));
	}

	/**
	 * Makes a ticker.
	 * @param start wall time at which it begins
	 * @param resolution shortest time that the store can tell from none
	 */
	public FakeTicker(Instant start, Duration resolution) {
		this.start = start;
		this.resolution = resolution;
	}

	/**
	 * Returns the reading of the monotonic clock. It may be negative, and may overflow as
	 * it is turned, as that of {@link System#nanoTime()} may.
	 * @return the reading in nanoseconds
	 */
	public long nanos() {
		return this.origin + this.elapsed.get();
	}

	/**
	 * Returns the wall clock that goes with this ticker.
	 * @return a clock in UTC
	 */
	public Clock wallClock() {
		return new WallClock(ZoneOffset.UTC);
	}

	@Override
	public Instant instant() {
		return this.start.plusNanos(this.elapsed.get());
	}

	@Override
	public void advance(Duration duration) {
		long nanos = duration.toNanos();
		if (nanos < 0 || nanos % this.resolution.toNanos() != 0) {
			throw new IllegalArgumentException(
					"a ticker with steps of %s cannot be turned by %s".formatted(this.resolution, duration));
		}
		this.elapsed.addAndGet(nanos);
	}

	@Override
	public Duration resolution() {
		return this.resolution;
	}

	@Override
	public boolean startAt(long nanos) {
		this.origin = nanos - this.elapsed.get();
		return true;
	}

	@Override
	public String toString() {
		return "%s, %s ns".formatted(instant(), nanos());
	}

	private final class WallClock extends Clock {

		private final ZoneId zone;

		private WallClock(ZoneId zone) {
			this.zone = zone;
		}

		@Override
		public ZoneId getZone() {
			return this.zone;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return new WallClock(zone);
		}

		@Override
		public Instant instant() {
			return FakeTicker.this.instant();
		}

	}

}
