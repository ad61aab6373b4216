package io.ratelimit.caffeine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The moments at which keys of one policy were reset. What was taken before must not be
 * given back afterwards: it would be taken off what others have used since. Safe for use
 * by many threads.
 */
/*
 * Permits are held for the length of a request, so few resets matter at any time. When
 * there are too many to tell apart, all that was taken before the last of them counts as
 * taken before a reset of its key, and stays taken.
 */
final class Resets {

	private static final int MOST = 1024;

	/** Readings after which a clock is held to stand still. */
	private static final int READINGS = 16;

	private final Map<String, Long> moments = new ConcurrentHashMap<>();

	private volatile long earliest;

	/**
	 * Notes a reset, under the lock of the key's cell.
	 */
	synchronized void add(String key, StoreClock clock) {
		long moment = later(clock);
		if (this.moments.size() >= MOST) {
			this.earliest = moment;
			this.moments.clear();
		}
		this.moments.put(key, moment);
	}

	/**
	 * Notes a reset of all keys.
	 * @param reset resets them; nothing is given back until it has ended
	 */
	synchronized void addAll(StoreClock clock, Runnable reset) {
		this.earliest = Long.MAX_VALUE;
		reset.run();
		this.earliest = later(clock);
		this.moments.clear();
	}

	/**
	 * Returns whether what was taken at a moment was forgotten since, or may have been.
	 */
	boolean haveForgotten(String key, long taken) {
		// in this order: a moment that is not kept any more is before the earliest
		Long moment = this.moments.get(key);
		return (moment != null && taken < moment) || taken < this.earliest;
	}

	/**
	 * Returns a moment after everything that was taken so far, unless the clock stands
	 * still.
	 */
	private static long later(StoreClock clock) {
		long moment = clock.now();
		long later = moment;
		for (int i = 0; i < READINGS && later == moment; i++) {
			later = clock.now();
		}
		return later;
	}

}
