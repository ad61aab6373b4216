package io.ratelimit;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which a store could not answer all calls. Immutable.
 */
public final class Outage {

	private final Instant begin;

	private final Duration length;

	private final String cause;

	private final long notCounted;

	private final boolean over;

	Outage(Instant begin, Duration length, String cause, long notCounted, boolean over) {
		this.begin = begin;
		this.length = length;
		this.cause = cause;
		this.notCounted = notCounted;
		this.over = over;
	}

	/**
	 * Returns when it began.
	 * @return the moment of the first call that failed
	 */
	public Instant begin() {
		return this.begin;
	}

	/**
	 * Returns how long it was, or has been so far.
	 * @return the time from the first call that failed to the last
	 */
	public Duration length() {
		return this.length;
	}

	/**
	 * Returns what the last call failed with.
	 * @return a description without any key
	 */
	public String cause() {
		return this.cause;
	}

	/**
	 * Returns how many decisions the store could not make.
	 * @return the number of decisions
	 */
	public long notCounted() {
		return this.notCounted;
	}

	/**
	 * Returns whether the store has answered again, for a second and without a failure.
	 * @return whether the outage is over
	 */
	public boolean over() {
		return this.over;
	}

	@Override
	public String toString() {
		return "since %s, %s, %s: %s decisions not counted%s".formatted(this.begin, this.length, this.cause,
				this.notCounted, this.over ? ", over" : "");
	}

}
