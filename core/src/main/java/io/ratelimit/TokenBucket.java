package io.ratelimit;

import java.io.Serial;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A bucket of a number of permits, refilled continuously at the limit's rate.
 */
public final class TokenBucket extends Limit {

	static final String ALGORITHM = "token-bucket";

	@Serial
	private static final long serialVersionUID = 1L;

	private final long burst;

	private TokenBucket(long permits, Duration window, long burst, @Nullable String name) {
		super(permits, window, name);
		require(burst >= 1 && burst <= MAX_PERMITS, "a burst of %d: at least 1 and at most %d are possible", burst,
				MAX_PERMITS);
		BucketSize.requireExact(this, BigInteger.valueOf(burst));
		this.burst = burst;
	}

	/**
	 * Returns a bucket that holds as many permits as it gets per window.
	 * @param permits permits per window
	 * @param window the time in which as many are refilled
	 * @return the limit
	 */
	public static TokenBucket of(long permits, Duration window) {
		return of(permits, window, permits);
	}

	/**
	 * Returns a bucket.
	 * @param permits permits per window
	 * @param window the time in which as many are refilled
	 * @param burst most permits that the bucket holds
	 * @return the limit
	 */
	public static TokenBucket of(long permits, Duration window, long burst) {
		return new TokenBucket(permits, window, burst, null);
	}

	static Limit read(LimitWords words) {
		return of(words.permits(), words.window(), Objects.requireNonNullElse(words.burst(), words.permits()));
	}

	/**
	 * Returns the most permits that the bucket holds.
	 * @return 1 to {@value Limit#MAX_PERMITS}
	 */
	public long burst() {
		return this.burst;
	}

	@Override
	public String algorithm() {
		return ALGORITHM;
	}

	@Override
	public TokenBucket withName(@Nullable String name) {
		return new TokenBucket(permits(), window(), this.burst, name);
	}

	@Override
	public long capacity() {
		return this.burst;
	}

	@Override
	public Duration memory() {
		double filled = (double) this.burst / permits() * window().toNanos();
		return window().plusNanos((long) filled);
	}

	@Override
	String options() {
		return " " + ALGORITHM + ((this.burst != permits()) ? " burst " + this.burst : "");
	}

}
