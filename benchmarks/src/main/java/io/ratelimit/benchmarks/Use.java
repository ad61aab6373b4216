package io.ratelimit.benchmarks;

import java.time.Duration;

/**
 * What has been done with the keys whose memory is measured.
 */
enum Use {

	TOUCHED("1,000,000 keys touched once, 100/1m", 1_000_000, 100, Duration.ofMinutes(1)),

	SATURATED_100("100,000 keys saturated at 100/1m", 100_000, 100, Duration.ofMinutes(1)),

	SATURATED_10_000("100,000 keys saturated at 10,000/1h", 100_000, 10_000, Duration.ofHours(1));

	private static final int STEPS = 60;

	final String text;

	final int keys;

	final int permits;

	final Duration window;

	Use(String text, int keys, int permits, Duration window) {
		this.text = text;
		this.keys = keys;
		this.permits = permits;
		this.window = window;
	}

	/**
	 * Takes what this use takes of each key. A saturated key takes its permits evenly
	 * over one window, which is when a log or a ring of its moments is longest.
	 */
	void of(Subject.Limiter limiter, String[] keys) {
		if (this == TOUCHED) {
			take(limiter, keys, 1);
			return;
		}
		int taken = 0;
		for (int step = 1; step <= STEPS; step++) {
			int upTo = this.permits * step / STEPS;
			take(limiter, keys, upTo - taken);
			taken = upTo;
			limiter.pass(this.window.dividedBy(STEPS));
		}
	}

	private static void take(Subject.Limiter limiter, String[] keys, int permits) {
		for (String key : keys) {
			if (!limiter.take(key, permits)) {
				throw new IllegalStateException("a key was refused before it was saturated");
			}
		}
	}

}
