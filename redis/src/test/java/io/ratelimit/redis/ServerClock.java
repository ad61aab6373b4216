package io.ratelimit.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.ratelimit.tck.ContractClock;

/**
 * A clock of microseconds in the place of a server's, for {@link TestScript}.
 */
final class ServerClock implements ContractClock {

	private static final Instant START = Instant.parse("2026-07-01T09:30:17.123456Z");

	private volatile Instant instant = START;

	@Override
	public Instant instant() {
		return this.instant;
	}

	/**
	 * Returns the time since the clock was made.
	 */
	long nanos() {
		return START.until(this.instant, ChronoUnit.NANOS);
	}

	@Override
	public synchronized void advance(Duration duration) {
		if (duration.isNegative() || duration.toNanos() % 1000 != 0) {
			throw new IllegalArgumentException("a clock of microseconds cannot be turned by " + duration);
		}
		this.instant = this.instant.plus(duration);
	}

	/**
	 * Steps forward or back to a moment, as a server's clock can be set.
	 */
	synchronized void set(Instant instant) {
		this.instant = instant.truncatedTo(ChronoUnit.MICROS);
	}

	@Override
	public Duration resolution() {
		return Duration.of(1, ChronoUnit.MICROS);
	}

}
