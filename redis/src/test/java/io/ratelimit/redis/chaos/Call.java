package io.ratelimit.redis.chaos;

import java.util.List;

/**
 * A recorded call. Times are of the clock that all processes of a machine share.
 *
 * @param process the number of the process that made it
 * @param traffic of which kind it was
 * @param node which of the requests of that kind it made
 * @param begin when it was made
 * @param end when it was answered
 * @param outcome what the answer was
 */
record Call(int process, Traffic traffic, int node, long begin, long end, Outcome outcome) {

	static Call parse(int process, String line) {
		String[] parts = line.split(" ", -1);
		return new Call(process, Traffic.valueOf(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]),
				Long.parseLong(parts[3]), Outcome.valueOf(parts[4]));
	}

	String toLine() {
		return this.traffic + " " + this.node + ' ' + this.begin + ' ' + this.end + ' ' + this.outcome + '\n';
	}

	List<NamedClaim> claims() {
		return this.traffic.requests().get(this.node);
	}

	long nanos() {
		return this.end - this.begin;
	}

	boolean isCounted() {
		return this.outcome == Outcome.GRANTED || this.outcome == Outcome.REFUSED;
	}

	boolean isGranted() {
		return this.outcome == Outcome.GRANTED;
	}

	/**
	 * What became of a call.
	 */
	enum Outcome {

		GRANTED, REFUSED,

		/** The failure mode answered. */
		UNCOUNTED,

		/** It threw something else, or was never answered. */
		BROKEN

	}

}
