package io.ratelimit.spring.observe;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Who occurs most in a stream of keys, in the same room however many keys there are: a
 * Space-Saving sketch. Not safe for use by several threads.
 */
/*
 * Metwally, Agrawal, El Abbadi: Efficient Computation of Frequent and Top-k Elements in
 * Data Streams, ICDT 2005. A key that is not among the counted takes the place of one
 * that was counted least, and goes on from its count, which is noted as its error. So no
 * count is too low, none is too high by more than its error, and every key that occurred
 * more than total/capacity times is among the counted. The least is found by looking at
 * all of them, since they are few and lie in one array.
 */
final class SpaceSaving {

	/** Longer keys are counted by what they begin with. */
	static final int LONGEST_KEY = 128;

	private final Map<String, Integer> places = new HashMap<>();

	private final String[] keys;

	private final long[] counts;

	private final long[] errors;

	private int size;

	private long total;

	SpaceSaving(int capacity) {
		this.keys = new String[capacity];
		this.counts = new long[capacity];
		this.errors = new long[capacity];
	}

	void add(String key) {
		String counted = (key.length() > LONGEST_KEY) ? key.substring(0, LONGEST_KEY) : key;
		Integer place = this.places.get(counted);
		this.counts[(place != null) ? place : placeFor(counted)]++;
		this.total++;
	}

	long total() {
		return this.total;
	}

	/**
	 * Returns the keys that are counted.
	 */
	Collection<String> keys() {
		return Collections.unmodifiableSet(this.places.keySet());
	}

	/**
	 * Returns how often a key has occurred, or more.
	 */
	long count(String key) {
		Integer place = this.places.get(key);
		return (place != null) ? this.counts[place] : unseen();
	}

	/**
	 * Returns how much too high {@link #count} can be.
	 */
	long error(String key) {
		Integer place = this.places.get(key);
		return (place != null) ? this.errors[place] : unseen();
	}

	/**
	 * Returns the most that a key can have occurred that is not counted.
	 */
	private long unseen() {
		return (this.size < this.keys.length) ? 0 : this.counts[least()];
	}

	private int placeFor(String key) {
		int place = this.size;
		if (place < this.keys.length) {
			this.size++;
		}
		else {
			place = least();
			this.places.remove(this.keys[place]);
			this.errors[place] = this.counts[place];
		}
		this.keys[place] = key;
		this.places.put(key, place);
		return place;
	}

	private int least() {
		int least = 0;
		for (int place = 1; place < this.size; place++) {
			if (this.counts[place] < this.counts[least]) {
				least = place;
			}
		}
		return least;
	}

}
