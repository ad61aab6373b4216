package io.ratelimit;

import java.io.Serializable;
import java.math.BigInteger;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A number of permits per window, counted by an algorithm. Made by {@link #of} or
 * {@link #valueOf} and refined by the {@code with} methods; what cannot work is refused
 * with an {@link IllegalArgumentException} that says why.
 *
 * @param permits permits per window; 1 to {@value #MAX_PERMITS}
 * @param window the time that the limit counts over; more than zero, at most ten years.
 * For a calendar window its nominal length
 * @param algorithm how permits are counted
 * @param burst most permits that a full {@link Algorithm#TOKEN_BUCKET} holds; equal to
 * {@code permits} for every other algorithm
 * @param maxWait longest delay that a {@link Algorithm#LEAKY_BUCKET} may impose; zero for
 * every other algorithm
 * @param calendar the calendar that a {@link Algorithm#FIXED_WINDOW} is aligned to;
 * {@code null} where it is aligned to the epoch
 * @param name name in headers; {@code null} where it follows from the policy's name
 */
public record Limit(long permits, Duration window, Algorithm algorithm, long burst, Duration maxWait,
		@Nullable CalendarWindow calendar, @Nullable String name) implements Serializable {

	/**
	 * Most permits that a limit can have: what fits into the 15 digits of a header's
	 * integer.
	 */
	public static final long MAX_PERMITS = 999_999_999_999_999L;

	private static final Duration MAX_WINDOW = Duration.ofDays(3660);

	public Limit {
		Objects.requireNonNull(window, "window");
		Objects.requireNonNull(algorithm, "algorithm");
		Objects.requireNonNull(maxWait, "maxWait");
		require(permits >= 1 && permits <= MAX_PERMITS, "a limit of %d permits: at least 1 and at most %d are possible",
				permits, MAX_PERMITS);
		require(!window.isZero() && !window.isNegative(), "a window of %s: it must be longer than zero",
				LimitFormat.text(window));
		require(window.compareTo(MAX_WINDOW) <= 0, "a window of %s: at most 3660 days are possible",
				LimitFormat.text(window));
		require(burst >= 1 && burst <= MAX_PERMITS, "a burst of %d: at least 1 and at most %d are possible", burst,
				MAX_PERMITS);
		require(burst == permits || algorithm == Algorithm.TOKEN_BUCKET,
				"a burst belongs to algorithm token-bucket, not to %s", algorithm.id());
		require(!maxWait.isNegative() && maxWait.compareTo(MAX_WINDOW) <= 0,
				"a max-wait of %s: zero to 3660 days are possible", LimitFormat.text(maxWait));
		require(maxWait.isZero() || algorithm == Algorithm.LEAKY_BUCKET,
				"a max-wait belongs to algorithm leaky-bucket, not to %s", algorithm.id());
		require(calendar == null || algorithm == Algorithm.FIXED_WINDOW,
				"a calendar belongs to algorithm fixed-window, not to %s", algorithm.id());
		require(calendar == null || window.equals(calendar.unit().nominal()),
				"a window of %s beside a calendar: leave the window out", LimitFormat.text(window));
		if (algorithm == Algorithm.TOKEN_BUCKET || algorithm == Algorithm.LEAKY_BUCKET) {
			BigInteger size = (algorithm == Algorithm.TOKEN_BUCKET) ? BigInteger.valueOf(burst)
					: queue(permits, window, maxWait);
			BigInteger span = size.multiply(BigInteger.valueOf(window.toNanos())).divide(BigInteger.valueOf(permits));
			require(fits(size.multiply(BigInteger.valueOf(permits))) && fits(span),
					"%d permits per %s with room for %s cannot be counted exactly: make one of them smaller", permits,
					LimitFormat.text(window), size);
		}
		if (name != null) {
			Policy.requireName("limit", name);
		}
	}

	/**
	 * Makes a strict sliding-window limit.
	 * @param permits permits per window
	 * @param window the time that the limit counts over
	 * @return the limit
	 */
	public static Limit of(long permits, Duration window) {
		return new Limit(permits, window, Algorithm.SLIDING_WINDOW, permits, Duration.ZERO, null, null);
	}

	/**
	 * Makes a fixed-window limit that is aligned to a calendar.
	 * @param permits permits per day, week or month
	 * @param calendar the calendar window
	 * @return the limit
	 */
	public static Limit of(long permits, CalendarWindow calendar) {
		return new Limit(permits, calendar.unit().nominal(), Algorithm.FIXED_WINDOW, permits, Duration.ZERO, calendar,
				null);
	}

	/**
	 * Reads a sliding-window limit as it is written in configuration:
	 * {@code <permits>/<window>}, as in {@code 100/1m}, {@code 10/s}, {@code 1000/day},
	 * {@code 5/PT15M} or {@code 100 per minute}.
	 * @param text the text
	 * @return the limit
	 * @throws IllegalArgumentException if the text is not a limit; the message quotes it
	 */
	public static Limit valueOf(String text) {
		return LimitFormat.parse(text);
	}

	/**
	 * Reads a time as it is written in a limit, with its unit: {@code 1m}, {@code 500ms},
	 * {@code PT15M}.
	 * @param text the text
	 * @return the time, which may be zero
	 * @throws IllegalArgumentException if the text is not a time; the message quotes it
	 */
	public static Duration time(String text) {
		return LimitFormat.time(text);
	}

	/**
	 * Returns this limit counted by another algorithm, with that algorithm's defaults.
	 * @param algorithm the algorithm
	 * @return a new limit
	 */
	public Limit withAlgorithm(Algorithm algorithm) {
		return new Limit(this.permits, this.window, algorithm, this.permits, Duration.ZERO,
				(algorithm == Algorithm.FIXED_WINDOW) ? this.calendar : null, this.name);
	}

	/**
	 * Returns this limit as a token bucket that holds the given number of permits.
	 * @param burst most permits that the bucket holds
	 * @return a new limit
	 */
	public Limit withBurst(long burst) {
		return new Limit(this.permits, this.window, Algorithm.TOKEN_BUCKET, burst, Duration.ZERO, null, this.name);
	}

	/**
	 * Returns this limit as a leaky bucket with the given longest delay.
	 * @param maxWait longest delay
	 * @return a new limit
	 */
	public Limit withMaxWait(Duration maxWait) {
		return new Limit(this.permits, this.window, Algorithm.LEAKY_BUCKET, this.permits, maxWait, null, this.name);
	}

	/**
	 * Returns this limit with a name of its own.
	 * @param name the name in headers
	 * @return a new limit
	 */
	public Limit withName(@Nullable String name) {
		return new Limit(this.permits, this.window, this.algorithm, this.burst, this.maxWait, this.calendar, name);
	}

	/**
	 * Returns the most permits that a single claim can ever take. A claim of more is
	 * refused for good.
	 * @return the capacity
	 */
	public long capacity() {
		return (this.algorithm == Algorithm.LEAKY_BUCKET) ? places() : this.burst;
	}

	/**
	 * Returns the window as it is written in configuration and in the limit's default
	 * name: {@code 1m}, or {@code month} for a calendar window.
	 * @return the window's text
	 */
	public String windowText() {
		return (this.calendar != null) ? this.calendar.unit().id() : LimitFormat.text(this.window);
	}

	/**
	 * Tells whether permits counted by the other limit mean the same here, so that they
	 * are kept when one replaces the other.
	 * @param other the other limit
	 * @return whether window, alignment and algorithm are the same
	 */
	public boolean countsLike(Limit other) {
		return this.algorithm == other.algorithm && this.window.equals(other.window)
				&& Objects.equals(this.calendar, other.calendar);
	}

	/**
	 * Returns the limit as it is written in configuration: {@code 100/1m}, with what is
	 * not the default behind it, as in {@code 1000/month calendar zone Europe/Berlin}.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder().append(this.permits).append('/').append(windowText());
		if (this.calendar != null) {
			text.append(" calendar");
			if (!this.calendar.zone().equals(ZoneOffset.UTC)) {
				text.append(" zone ").append(this.calendar.zone().getId());
			}
		}
		else if (this.algorithm != Algorithm.SLIDING_WINDOW) {
			text.append(' ').append(this.algorithm.id());
		}
		if (this.burst != this.permits) {
			text.append(" burst ").append(this.burst);
		}
		if (!this.maxWait.isZero()) {
			text.append(" max-wait ").append(LimitFormat.text(this.maxWait));
		}
		return text.toString();
	}

	/**
	 * Returns how many claims can wait in a leaky bucket, without garbage as far as the
	 * numbers are small.
	 */
	private long places() {
		long nanos = this.maxWait.toNanos();
		return (Math.multiplyHigh(nanos, this.permits) == 0 && nanos * this.permits >= 0)
				? nanos * this.permits / this.window.toNanos() + 1
				: queue(this.permits, this.window, this.maxWait).longValueExact();
	}

	private static BigInteger queue(long permits, Duration window, Duration maxWait) {
		return BigInteger.valueOf(maxWait.toNanos())
			.multiply(BigInteger.valueOf(permits))
			.divide(BigInteger.valueOf(window.toNanos()))
			.add(BigInteger.ONE);
	}

	private static boolean fits(BigInteger number) {
		return number.bitLength() <= 62;
	}

	private static void require(boolean condition, String message, Object... arguments) {
		if (!condition) {
			throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
		}
	}

}
