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

	private final StandIn decisions;

	private final boolean over;

	Outage(Instant begin, Duration length, String cause, StandIn decisions, boolean over) {
		this.begin = begin;
		this.length = length;
		this.cause = cause;
		this.decisions = decisions;
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
	 * @return the number of decisions; each of them was {@linkplain #allowed() allowed}
	 * or {@linkplain #denied() denied} without being counted, or counted by the
	 * {@linkplain #local() local} store
	 */
	public long notCounted() {
		return this.decisions.total();
	}

	/**
	 * Returns how many decisions allowed without counting.
	 * @return the number of decisions
	 */
	public long allowed() {
		return this.decisions.allowed();
	}

	/**
	 * Returns how many decisions denied without counting.
	 * @return the number of decisions
	 */
	public long denied() {
		return this.decisions.denied();
	}

	/**
	 * Returns how many decisions the local store made.
	 * @return the number of decisions
	 */
	public long local() {
		return this.decisions.local();
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
				notCounted(), this.over ? ", over" : "");
	}

}
