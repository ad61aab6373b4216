package io.ratelimit;

import java.io.Serial;
import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Lets permits leave one at a time, evenly spaced. A claim that comes early is allowed
 * with a delay; one that would be delayed for longer than the limit's longest wait is
 * refused.
 */
public final class LeakyBucket extends Limit {

	static final String ALGORITHM = "leaky-bucket";

	@Serial
	private static final long serialVersionUID = 1L;

	private final Duration maxWait;

	private LeakyBucket(long permits, Duration window, Duration maxWait, @Nullable String name) {
		super(permits, window, name);
		Objects.requireNonNull(maxWait, "maxWait");
		require(!maxWait.isNegative() && maxWait.compareTo(MAX_WINDOW) <= 0,
				"a max-wait of %s: zero to 3660 days are possible", TimeFormat.text(maxWait));
		BucketSize.requireExact(this, BucketSize.places(permits, window, maxWait));
		this.maxWait = maxWait;
	}

	/**
	 * Returns a leaky bucket.
	 * @param permits permits per window
	 * @param window the time in which as many leave the bucket
	 * @param maxWait longest delay of an allowed claim
	 * @return the limit
	 */
	public static LeakyBucket of(long permits, Duration window, Duration maxWait) {
		return new LeakyBucket(permits, window, maxWait, null);
	}

	static Limit read(LimitWords words) {
		return of(words.permits(), words.window(), words.maxWait());
	}

	/**
	 * Returns the longest delay of an allowed claim.
	 * @return zero to ten years
	 */
	public Duration maxWait() {
		return this.maxWait;
	}

	@Override
	public String algorithm() {
		return ALGORITHM;
	}

	@Override
	public LeakyBucket withName(@Nullable String name) {
		return new LeakyBucket(permits(), window(), this.maxWait, name);
	}

	/**
	 * Returns how many permits can wait at a time, without garbage as far as the numbers
	 * are small.
	 */
	@Override
	public long capacity() {
		long nanos = this.maxWait.toNanos();
		long product = nanos * permits();
		return (Math.multiplyHigh(nanos, permits()) == 0 && product >= 0) ? product / window().toNanos() + 1
				: BucketSize.places(permits(), window(), this.maxWait).longValueExact();
	}

	@Override
	public boolean delays() {
		return true;
	}

	@Override
	public Duration memory() {
		return window().plus(this.maxWait);
	}

	@Override
	String options() {
		return " " + ALGORITHM + " max-wait " + TimeFormat.text(this.maxWait);
	}

}
