package io.ratelimit.tck;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock of a store under test, turned by hand. {@link FakeTicker} is one for stores
 * that read their time from the process; a store whose time comes from a server brings
 * its own, which reaches into that server's.
 *
 * <p>
 * Safe for use by many threads.
 */
public interface ContractClock {

	/**
	 * Returns the wall time that the store sees: what its fixed windows are aligned to.
	 * @return the instant, a multiple of {@link #resolution()} since the epoch
	 */
	Instant instant();

	/**
	 * Moves the store's time forward, both the time that it measures by and the wall
	 * time.
	 * @param duration by how much; zero or more, a multiple of {@link #resolution()}
	 */
	void advance(Duration duration);

	/**
	 * Returns the shortest time that the store can tell from none. A store is held to
	 * what it says about time to this step: refused until one step before, allowed at it.
	 * @return the step, a nanosecond by default; at most a microsecond
	 */
	default Duration resolution() {
		return Duration.ofNanos(1);
	}

	/**
	 * Sets what the store's monotonic clock reads, before the store is made. The wall
	 * time stays what it was. A store that measures by a clock of its own, whose origin
	 * cannot be set, has no use for this; it is tested at the reading that its clock has.
	 * @param nanos the reading in nanoseconds, any {@code long}
	 * @return whether the reading was set; {@code false} by default
	 */
	default boolean startAt(long nanos) {
		return false;
	}

}
