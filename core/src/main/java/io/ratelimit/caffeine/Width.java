package io.ratelimit.caffeine;

/**
 * Rings of counts and their sum, packed into longs as densely as the largest count
 * allows. A ring's length is a power of two, and a count is found by the lowest bits of
 * its segment's index. The sum stands first.
 */
enum Width {

	BYTE(8), SHORT(16), INT(32), LONG(64);

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
	 * Makes a ring of at least the given length, itself a power of two.
	 */
	long[] ring(int least) {
		return new long[1 + Math.max(1, least >> this.density)];
	}

	int length(long[] ring) {
		return (ring.length - 1) << this.density;
	}

	long get(long[] ring, long index) {
		int slot = slot(ring, index);
		return (ring[1 + (slot >> this.density)] >>> shift(slot)) & this.mask;
	}

	/**
	 * Adds to a count, which must still fit and not be less than zero then.
	 */
	void add(long[] ring, long index, long permits) {
		int slot = slot(ring, index);
		ring[1 + (slot >> this.density)] += permits << shift(slot);
		ring[0] += permits;
	}

	static long sum(long[] ring) {
		return ring[0];
	}

	private int slot(long[] ring, long index) {
		return (int) index & (length(ring) - 1);
	}

	private int shift(int slot) {
		return slot * this.bits; // of which a shift takes the lowest six bits
	}

}
