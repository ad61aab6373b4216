package io.ratelimit.redis.chaos;

import java.time.Duration;

/**
 * How requests are made, and what a judge asserts of them.
 *
 * @param timeout the stores' timeout
 * @param pause the pause of a thread after each request
 * @param countsAgain how soon all must be counted
 * @param stray the share of calls that may fail at any time, since the machine is busy
 * @param slack how much longer than its timeout a call may take
 * @param others the share that must be counted of the calls that are not affected
 */
record Terms(Duration timeout, Duration pause, Duration countsAgain, double stray, Duration slack, double others) {

	/**
	 * Returns terms that can be met on any machine.
	 */
	static Terms generous() {
		return new Terms(Duration.ofMillis(250), Duration.ofMillis(50), Duration.ofSeconds(15), 0.2,
				Duration.ofSeconds(3), 0.5);
	}

	/**
	 * Returns terms that can be met on a machine that has nothing else to do.
	 */
	static Terms of(Fault fault) {
		return new Terms(Duration.ofMillis(100), Duration.ofMillis(20), fault.bound(), 0.05, Duration.ofMillis(500),
				0.99);
	}

}
