package io.ratelimit.tck;

import java.math.BigInteger;

import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;

/**
 * A bucket, kept as the moment at which it will be full again (or empty, if it leaks).
 * Moments are multiplied by the permits per window, so that every permit is worth exactly
 * one window, with nothing to round.
 */
final class ArrivalModel extends Model {

	private final BigInteger permits;

	private final BigInteger window;

	private final BigInteger tolerance;

	private BigInteger arrival = BigInteger.ZERO;

	ArrivalModel(Limit limit, long step) {
		super(limit, step);
		this.permits = BigInteger.valueOf(limit.permits());
		this.window = BigInteger.valueOf(limit.window().toNanos());
		this.tolerance = (limit instanceof LeakyBucket bucket) ? scaled(bucket.maxWait().toNanos())
				: worth(limit.capacity() - 1);
	}

	@Override
	long remaining(long now) {
		BigInteger room = this.tolerance.subtract(debt(now)).add(this.window);
		return (room.signum() > 0) ? room.divide(this.window).longValueExact() : 0;
	}

	@Override
	void take(long permits, long now) {
		this.arrival = scaled(now).add(debt(now)).add(worth(permits));
	}

	@Override
	long wait(long permits, long now) {
		return nanos(debt(now).add(worth(permits - 1)).subtract(this.tolerance));
	}

	@Override
	long delay(long permits, long now) {
		return (this.limit instanceof LeakyBucket) ? nanos(debt(now).add(worth(permits - 1))) : 0;
	}

	private BigInteger debt(long now) {
		return this.arrival.subtract(scaled(now)).max(BigInteger.ZERO);
	}

	private BigInteger worth(long permits) {
		return this.window.multiply(BigInteger.valueOf(permits));
	}

	private BigInteger scaled(long nanos) {
		return this.permits.multiply(BigInteger.valueOf(nanos));
	}

	private long nanos(BigInteger scaled) {
		if (scaled.signum() <= 0) {
			return 0;
		}
		return scaled.add(this.permits).subtract(BigInteger.ONE).divide(this.permits).longValueExact();
	}

}
