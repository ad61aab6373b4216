package io.ratelimit;

import java.math.BigInteger;
import java.time.Duration;

/**
 * Sizes of buckets, which stores count exactly in numbers of 64 bits.
 */
final class BucketSize {

	private static final int BITS = 62;

	private BucketSize() {
	}

	/**
	 * Checks that a bucket can be counted exactly.
	 * @param size most permits that it holds
	 */
	static void requireExact(Limit limit, BigInteger size) {
		BigInteger permits = BigInteger.valueOf(limit.permits());
		BigInteger span = size.multiply(nanos(limit.window())).divide(permits);
		Limit.require(size.multiply(permits).bitLength() <= BITS && span.bitLength() <= BITS,
				"%d permits per %s with room for %s cannot be counted exactly: make one of them smaller",
				limit.permits(), TimeFormat.text(limit.window()), size);
	}

	/**
	 * Returns how many permits can wait in a leaky bucket at a time.
	 */
	static BigInteger places(long permits, Duration window, Duration maxWait) {
		return nanos(maxWait).multiply(BigInteger.valueOf(permits)).divide(nanos(window)).add(BigInteger.ONE);
	}

	private static BigInteger nanos(Duration duration) {
		return BigInteger.valueOf(duration.toNanos());
	}

}
