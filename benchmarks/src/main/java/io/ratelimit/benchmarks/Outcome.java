package io.ratelimit.benchmarks;

import java.time.Duration;

/**
 * Whether the keys of a row have permits left, and the limit that sees to it.
 */
public enum Outcome {

	/**
	 * More permits a second than the floor could take, so that they never run out.
	 */
	ALLOWED(35_000_000, Duration.ofSeconds(1), 1),

	/** A limit that every key has used up before the row starts. */
	REFUSED(100, Duration.ofHours(1), 100);

	final int permits;

	final Duration window;

	/** What each key takes before the row starts. */
	final int taken;

	Outcome(int permits, Duration window, int taken) {
		this.permits = permits;
		this.window = window;
		this.taken = taken;
	}

}
