package io.ratelimit.benchmarks;

import java.util.Arrays;

import io.ratelimit.BoundPolicy;

/**
 * One of several threads that never ask for a key twice, and the time that their
 * decisions took.
 */
final class Stranger implements Runnable {

	private static final int CHUNK = 1000;

	private static final int MOST_CHUNKS = 1 << 18;

	private final BoundPolicy limiter;

	private final int number;

	private final int strangers;

	private final int[] nanosOfChunks = new int[MOST_CHUNKS];

	private volatile int chunks;

	private volatile boolean stopped;

	Stranger(BoundPolicy limiter, int number, int strangers) {
		this.limiter = limiter;
		this.number = number;
		this.strangers = strangers;
	}

	@Override
	public void run() {
		String[] keys = new String[CHUNK];
		int index = this.number;
		for (int chunk = 0; chunk < MOST_CHUNKS && !this.stopped; chunk++) {
			for (int i = 0; i < CHUNK; i++) {
				keys[i] = Addresses.of(index);
				index += this.strangers;
			}
			long start = System.nanoTime();
			for (String key : keys) {
				if (!this.limiter.tryAcquire(key, 1).allowed()) {
					throw new IllegalStateException("a key that was never seen was refused");
				}
			}
			this.nanosOfChunks[chunk] = (int) (System.nanoTime() - start);
			this.chunks = chunk + 1;
		}
	}

	void stop() {
		this.stopped = true;
	}

	long keys() {
		return (long) this.chunks * CHUNK;
	}

	/**
	 * Returns the median nanoseconds of a decision in one tenth of the flood.
	 * @param tenth the tenth, from zero
	 */
	double medianNanos(int tenth) {
		int length = this.chunks / 10;
		int[] sorted = Arrays.copyOfRange(this.nanosOfChunks, tenth * length, (tenth + 1) * length);
		Arrays.sort(sorted);
		return (double) sorted[length / 2] / CHUNK;
	}

}
