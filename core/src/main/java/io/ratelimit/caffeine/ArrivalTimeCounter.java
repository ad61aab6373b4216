package io.ratelimit.caffeine;

import java.math.BigInteger;

import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.TokenBucket;

/**
 * Token bucket and leaky bucket, kept as one theoretical arrival time: the generic cell
 * rate algorithm of ITU-T recommendation I.371.
 */
/*
 * Every permit moves the arrival time on by window / permits. The bucket is as full as
 * the arrival time is close: it may run ahead of the clock by the tolerance, which is the
 * time to refill a whole burst, or the longest wait and one permit more. As window /
 * permits is rarely a whole number of nanoseconds, a time is a number of nanoseconds and
 * a remainder in units of 1 / permits of one; nothing is rounded until a wait is
 * returned, and that is rounded up.
 */
final class ArrivalTimeCounter extends Counter {

	/** Keeps products and sums of times from overflowing. */
	private static final long MOST = 1L << 61;

	private final boolean leaky;

	private final long permits;

	private final double permitsPerNano;

	private final long quotient;

	private final long remainder;

	private final long tolerance;

	private final long toleranceFraction;

	ArrivalTimeCounter(TokenBucket bucket) {
		this(bucket, false, bucket.burst(), 0);
	}

	ArrivalTimeCounter(LeakyBucket bucket) {
		this(bucket, true, 1, nanos(bucket.maxWait()));
	}

	private ArrivalTimeCounter(Limit limit, boolean leaky, long burst, long maxWait) {
		super(limit);
		long window = nanos(limit.window());
		this.leaky = leaky;
		this.permits = limit.permits();
		this.permitsPerNano = (double) limit.permits() / window;
		this.quotient = window / this.permits;
		this.remainder = window % this.permits;
		this.tolerance = maxWait + nanos(burst);
		this.toleranceFraction = fraction(burst);
	}

	@Override
	Cell newCell() {
		return new ArrivalCell();
	}

	@Override
	void advance(Cell cell, long now) {
		ArrivalCell arrival = (ArrivalCell) cell;
		if (arrival.time - now < 0) {
			arrival.time = now;
			arrival.number(0);
		}
	}

	@Override
	long waitNanos(Cell cell, long now, long permits) {
		ArrivalCell arrival = (ArrivalCell) cell;
		return ceiling(arrival.time - now + nanos(permits) - this.tolerance,
				arrival.number() + fraction(permits) - this.toleranceFraction);
	}

	@Override
	long delayNanos(Cell cell, long now, long permits) {
		if (!this.leaky) {
			return 0;
		}
		ArrivalCell arrival = (ArrivalCell) cell;
		return ceiling(arrival.time - now + nanos(permits - 1), arrival.number() + fraction(permits - 1));
	}

	@Override
	void take(Cell cell, long now, long permits) {
		ArrivalCell arrival = (ArrivalCell) cell;
		long fraction = arrival.number() + fraction(permits);
		arrival.time += nanos(permits) + fraction / this.permits;
		arrival.number(fraction % this.permits);
	}

	@Override
	void giveBack(Cell cell, long now, long permits, long moment) {
		if (this.leaky) {
			return; // those behind it have their slots already
		}
		// Without the grant the bucket may have been full, and its refill lost, for as
		// long as the grant was held: that much is not given back.
		ArrivalCell arrival = (ArrivalCell) cell;
		arrival.time -= Math.max(0, nanos(permits) - Math.max(0, now - moment));
	}

	@Override
	long remaining(Cell cell, long now) {
		ArrivalCell arrival = (ArrivalCell) cell;
		long fraction = this.toleranceFraction - arrival.number();
		long room = this.tolerance - (arrival.time - now) + Math.floorDiv(fraction, this.permits);
		fraction = Math.floorMod(fraction, this.permits);
		return Math.min(this.capacity, within(room, fraction));
	}

	@Override
	boolean unused(Cell cell, long now) {
		ArrivalCell arrival = (ArrivalCell) cell;
		return arrival.time == now && arrival.number() == 0;
	}

	@Override
	void adopt(Cell cell, Counter former, Cell used, long now) {
		ArrivalCell arrival = (ArrivalCell) used;
		if (this.leaky) {
			((ArrivalCell) cell).time = arrival.time + ((arrival.number() > 0) ? 1 : 0); // as
																							// promised
		}
		else {
			adoptUsed((ArrivalCell) cell, (ArrivalTimeCounter) former, arrival, now);
		}
	}

	/**
	 * Returns the most permits that refill within a time.
	 */
	private long within(long nanos, long fraction) {
		long permits = Math.max(0, (long) (nanos * this.permitsPerNano));
		while (fits(permits + 1, nanos, fraction)) {
			permits++;
		}
		while (permits > 0 && !fits(permits, nanos, fraction)) {
			permits--;
		}
		return permits;
	}

	/**
	 * Keeps how many permits are used, and the fraction that is refilled of the next one:
	 * a bucket that is replaced often would never refill otherwise.
	 */
	private void adoptUsed(ArrivalCell cell, ArrivalTimeCounter former, ArrivalCell used, long now) {
		BigInteger[] time = BigInteger.valueOf(used.time - now)
			.multiply(BigInteger.valueOf(former.permits))
			.add(BigInteger.valueOf(used.number()))
			.divideAndRemainder(BigInteger.valueOf(this.permits));
		cell.time = now + time[0].min(BigInteger.valueOf(MOST)).longValueExact();
		cell.number(time[1].longValueExact());
	}

	private boolean fits(long permits, long room, long roomFraction) {
		long nanos = nanos(permits);
		return nanos < room || (nanos == room && fraction(permits) <= roomFraction);
	}

	/**
	 * Returns the whole nanoseconds that permits take to refill.
	 */
	private long nanos(long permits) {
		return permits * this.quotient + permits * this.remainder / this.permits;
	}

	private long fraction(long permits) {
		return permits * this.remainder % this.permits;
	}

	private long ceiling(long nanos, long fraction) {
		return Math.max(0, nanos + ceilDiv(fraction, this.permits));
	}

	/**
	 * The arrival time; its remainder stands beside the lock.
	 */
	private static final class ArrivalCell extends Cell {

		private long time;

	}

}
