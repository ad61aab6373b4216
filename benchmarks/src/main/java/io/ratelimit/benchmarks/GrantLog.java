package io.ratelimit.benchmarks;

import java.util.Arrays;

/**
 * When one key was granted a permit: each grant happened somewhere between two readings
 * of the clock.
 */
final class GrantLog {

	private long[] before = new long[1024];

	private long[] after = new long[1024];

	private int size;

	void add(long before, long after) {
		if (this.size == this.before.length) {
			this.before = Arrays.copyOf(this.before, 2 * this.size);
			this.after = Arrays.copyOf(this.after, 2 * this.size);
		}
		this.before[this.size] = before;
		this.after[this.size] = after;
		this.size++;
	}

	int size() {
		return this.size;
	}

	/**
	 * Returns the most grants that were certainly within less than a window.
	 */
	int mostWithin(long windowNanos) {
		int most = 0;
		int first = 0;
		for (int last = 0; last < this.size; last++) {
			while (this.after[last] - this.before[first] >= windowNanos) {
				first++;
			}
			most = Math.max(most, last - first + 1);
		}
		return most;
	}

}
