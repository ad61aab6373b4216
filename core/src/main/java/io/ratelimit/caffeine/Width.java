package io.ratelimit.caffeine;

import java.util.Arrays;

/**
 * Rings of counts, as wide as the largest count needs. A ring's length is a power of two,
 * and a count is found by the lowest bits of its segment's index.
 */
enum Width {

	BYTE, SHORT, INT, LONG;

	static Width of(long largest) {
		if (largest <= 0xFF) {
			return BYTE;
		}
		if (largest <= 0xFFFF) {
			return SHORT;
		}
		return (largest <= Integer.MAX_VALUE / SegmentCounter.KEPT) ? INT : LONG; // so
																					// that
																					// a
																					// sum
																					// fits
	}

	Object ring(int length) {
		return switch (this) {
			case BYTE -> new byte[length];
			case SHORT -> new short[length];
			case INT -> new int[length];
			case LONG -> new long[length];
		};
	}

	int length(Object ring) {
		return switch (this) {
			case BYTE -> ((byte[]) ring).length;
			case SHORT -> ((short[]) ring).length;
			case INT -> ((int[]) ring).length;
			case LONG -> ((long[]) ring).length;
		};
	}

	long get(Object ring, long index) {
		return switch (this) {
			case BYTE -> ((byte[]) ring)[slot(index, ((byte[]) ring).length)] & 0xFF;
			case SHORT -> ((short[]) ring)[slot(index, ((short[]) ring).length)] & 0xFFFF;
			case INT -> ((int[]) ring)[slot(index, ((int[]) ring).length)];
			case LONG -> ((long[]) ring)[slot(index, ((long[]) ring).length)];
		};
	}

	/**
	 * Adds to a count, whose sum must fit.
	 */
	void add(Object ring, long index, long permits) {
		switch (this) {
			case BYTE -> ((byte[]) ring)[slot(index, ((byte[]) ring).length)] += (byte) permits;
			case SHORT -> ((short[]) ring)[slot(index, ((short[]) ring).length)] += (short) permits;
			case INT -> ((int[]) ring)[slot(index, ((int[]) ring).length)] += (int) permits;
			case LONG -> ((long[]) ring)[slot(index, ((long[]) ring).length)] += permits;
		}
	}

	void clear(Object ring) {
		switch (this) {
			case BYTE -> Arrays.fill((byte[]) ring, (byte) 0);
			case SHORT -> Arrays.fill((short[]) ring, (short) 0);
			case INT -> Arrays.fill((int[]) ring, 0);
			case LONG -> Arrays.fill((long[]) ring, 0);
		}
	}

	long sum(Object ring) {
		long sum = 0;
		for (int i = 0; i < length(ring); i++) {
			sum += get(ring, i);
		}
		return sum;
	}

	private static int slot(long index, int length) {
		return (int) index & (length - 1);
	}

}
