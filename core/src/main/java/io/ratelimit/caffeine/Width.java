package io.ratelimit.caffeine;

/**
 * Rings of counts, packed into longs as densely as the largest count allows. A ring's
 * length is a power of two, and a count is found by the lowest bits of its segment's
 * index. Before the counts stand their sum and the index of the oldest that is not zero,
 * if there is one.
 */
enum Width {

	BYTE(8), SHORT(16), INT(32), LONG(64);

	private static final int SUM = 0;

	private static final int OLDEST = 1;

	private static final int COUNTS = 2;

	/** The number of counts in a long, as a power of two. */
	private final int density;

	private final int bits;

	private final long mask;

	Width(int bits) {
		this.bits = bits;
		this.density = Integer.numberOfTrailingZeros(Long.SIZE / bits);
		this.mask = -1L >>> (Long.SIZE - bits);
	}

	static Width of(long largest) {
		if (largest <= BYTE.mask) {
			return BYTE;
		}
		if (largest <= SHORT.mask) {
			return SHORT;
		}
		return (largest <= INT.mask) ? INT : LONG;
	}

	/**
	 * Returns a ring of at least the given length, itself a power of two.
	 */
	long[] ring(int least) {
		return new long[COUNTS + Math.max(1, least >> this.density)];
	}

	int length(long[] ring) {
		return (ring.length - COUNTS) << this.density;
	}

	static long sum(long[] ring) {
		return ring[SUM];
	}

	static long oldest(long[] ring) {
		return ring[OLDEST];
	}

	long get(long[] ring, long index) {
		int slot = slot(ring, index);
		return (ring[COUNTS + (slot >> this.density)] >>> shift(slot)) & this.mask;
	}

	/**
	 * Adds to a count, which must still fit and not be less than zero then.
	 */
	void add(long[] ring, long index, long permits) {
		if (ring[SUM] == 0) {
			ring[OLDEST] = index;
		}
		int slot = slot(ring, index);
		ring[COUNTS + (slot >> this.density)] += permits << shift(slot);
		ring[SUM] += permits;
	}

	/**
	 * Sets all counts before an index to zero, and looks for the oldest that is not.
	 */
	void dropUntil(long[] ring, long index) {
		long oldest = ring[OLDEST];
		while (ring[SUM] > 0) {
			long count = get(ring, oldest);
			if (count > 0 && oldest >= index) {
				break;
			}
			add(ring, oldest, -count);
			oldest++;
		}
		ring[OLDEST] = oldest;
	}

	private int slot(long[] ring, long index) {
		return (int) index & (length(ring) - 1);
	}

	private int shift(int slot) {
		return slot * this.bits; // of which a shift takes the lowest six bits
	}

}
