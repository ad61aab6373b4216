package io.ratelimit.spring.observe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests and permits claimed of a policy by key and second, over some minutes: for all
 * keys, or for a sample of them where there are many. Keys are known by their hashes
 * alone. Safe for use by many threads.
 */
/*
 * A sample of keys is those whose hash is below a threshold, which is halved whenever
 * there are too many (bottom-k sampling; Cohen and Kaplan, Summarizing Data using
 * Bottom-k Sketches, 2007): each key has the same chance to be in it, and what a key in
 * it has asked for is known from its first request on. A thread never waits: what comes
 * while another one holds the lock is left out.
 */
final class Demand {

	static final int MOST_KEYS = 128;

	/** How many seconds a demand is kept for, about. */
	private static final int MOST_SECONDS = 300;

	/** The hash of a key has 31 bits. */
	private static final int ALL = Integer.MAX_VALUE;

	private final long begin;

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private final Map<Integer, Trace> traces = new HashMap<>();

	/** The highest hash of the sample; written under the lock. */
	private volatile int threshold = ALL;

	/**
	 * Creates an empty demand.
	 * @param begin when it begins, in nanoseconds
	 */
	Demand(long begin) {
		this.begin = begin;
	}

	void add(String key, long permits, long now) {
		int hash = hash(key);
		if (hash > this.threshold || !this.lock.tryLock()) {
			return;
		}
		try {
			Trace trace = this.traces.get(hash);
			if (trace == null) {
				trace = new Trace();
				this.traces.put(hash, trace);
				while (this.traces.size() > MOST_KEYS) {
					halve();
				}
			}
			trace.add((int) ((now - this.begin) / 1_000_000_000L), permits);
		}
		finally {
			this.lock.unlock();
		}
	}

	long begin() {
		return this.begin;
	}

	/**
	 * Returns the share of the keys that are in the sample.
	 */
	double share() {
		return (this.threshold + 1.0) / (ALL + 1.0);
	}

	/**
	 * Returns what each key of the sample asked for that is in a smaller one too.
	 * @param share the share of the smaller sample
	 */
	Map<Integer, List<Second>> traces(double share) {
		this.lock.lock();
		try {
			Map<Integer, List<Second>> copy = new HashMap<>();
			this.traces.forEach((hash, trace) -> {
				if (hash < share * (ALL + 1.0)) {
					copy.put(hash, trace.seconds());
				}
			});
			return copy;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void halve() {
		this.threshold = this.threshold >>> 1;
		Collection<Integer> hashes = this.traces.keySet();
		hashes.removeIf((hash) -> hash > this.threshold);
	}

	/**
	 * Returns a hash whose bits are mixed (the finalizer of MurmurHash3), so that keys
	 * that look alike are not in the sample together.
	 */
	private static int hash(String key) {
		int hash = key.hashCode();
		hash = (hash ^ hash >>> 16) * 0x85ebca6b;
		hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
		return (hash ^ hash >>> 16) & ALL;
	}

	/**
	 * What a key asked for within a second.
	 *
	 * @param second number of the second since the begin
	 * @param requests number of requests
	 * @param permits number of permits in all
	 */
	record Second(int second, int requests, int permits) {

	}

	/**
	 * What one key asked for, by seconds.
	 */
	private static final class Trace {

		private int[] seconds = new int[4];

		private int[] requests = new int[4];

		private int[] permits = new int[4];

		private int size;

		private void add(int second, long permits) {
			// two threads may come in another order than they have read the clock
			if (this.size == 0 || this.seconds[this.size - 1] < second) {
				if (this.size == this.seconds.length) {
					grow(Math.min(2 * this.size, Math.max(this.size + 1, MOST_SECONDS)));
				}
				this.seconds[this.size++] = second;
			}
			int last = this.size - 1;
			this.requests[last] = sum(this.requests[last], 1);
			this.permits[last] = sum(this.permits[last], permits);
		}

		private void grow(int size) {
			this.seconds = Arrays.copyOf(this.seconds, size);
			this.requests = Arrays.copyOf(this.requests, size);
			this.permits = Arrays.copyOf(this.permits, size);
		}

		private static int sum(int one, long other) {
			return (int) Math.min(Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, other) + one);
		}

		private List<Second> seconds() {
			List<Second> copy = new ArrayList<>(this.size);
			for (int i = 0; i < this.size; i++) {
				copy.add(new Second(this.seconds[i], this.requests[i], this.permits[i]));
			}
			return copy;
		}

	}

}
