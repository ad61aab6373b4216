package io.ratelimit;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A number of permits per window; each subclass is an algorithm that counts them. Made by
 * {@link #valueOf}, or by the {@code of} method of an algorithm; what cannot work is
 * refused with an {@link IllegalArgumentException} that says why. Immutable.
 */
public abstract sealed class Limit implements Serializable
		permits SlidingWindow, FixedWindow, TokenBucket, LeakyBucket {

	/**
	 * Most permits that a limit can have: what fits into the 15 digits of a header's
	 * integer.
	 */
	public static final long MAX_PERMITS = 999_999_999_999_999L;

	static final Duration MAX_WINDOW = Duration.ofDays(3660);

	@Serial
	private static final long serialVersionUID = 1L;

	private final long permits;

	private final Duration window;

	private final @Nullable String name;

	Limit(long permits, Duration window, @Nullable String name) {
		require(permits >= 1 && permits <= MAX_PERMITS, "a limit of %d permits: at least 1 and at most %d are possible",
				permits, MAX_PERMITS);
		Objects.requireNonNull(window, "window");
		require(!window.isZero() && !window.isNegative(), "a window of %s: it must be longer than zero",
				TimeFormat.text(window));
		require(window.compareTo(MAX_WINDOW) <= 0, "a window of %s: at most 3660 days are possible",
				TimeFormat.text(window));
		if (name != null) {
			Policy.requireName("limit", name);
		}
		this.permits = permits;
		this.window = window;
		this.name = name;
	}

	/**
	 * Returns a strict sliding window.
	 * @param permits permits per window
	 * @param window the time that the limit counts over
	 * @return the limit
	 */
	public static Limit of(long permits, Duration window) {
		return SlidingWindow.of(permits, window);
	}

	/**
	 * Reads a limit as it is written in configuration, annotations and the endpoint:
	 * {@code <permits>/<window>}, as in {@code 100/1m}, {@code 10/s}, {@code 1000/day},
	 * {@code 5/PT15M} or {@code 100 per minute}, and behind that what is not the default:
	 * an algorithm, {@code burst N}, {@code max-wait TIME}, {@code calendar},
	 * {@code zone ZONE} and {@code name NAME}.
	 *
	 * <pre class="code">
	 * 50/1s token-bucket burst 200
	 * 10/1s leaky-bucket max-wait 2s
	 * 1000/month calendar zone Europe/Berlin
	 * 100/1m name api-fast
	 * </pre>
	 * @param text the text
	 * @return the limit
	 * @throws IllegalArgumentException if the text is not a limit; the message quotes it
	 */
	public static Limit valueOf(String text) {
		Objects.requireNonNull(text, "a limit is null: write <permits>/<window>, for example 100/1m");
		return LimitFormat.parse(text);
	}

	/**
	 * Reads limits that are separated by commas.
	 * @param text the text
	 * @return the limits, at least one
	 * @throws IllegalArgumentException if one of them is not a limit; the message quotes
	 * it
	 */
	public static List<Limit> valuesOf(String text) {
		Objects.requireNonNull(text, "the limits are null: write <permits>/<window>, for example 100/1m");
		return List.of(text.split(",", -1)).stream().map((each) -> valueOf(each.strip())).toList();
	}

	/**
	 * Reads a time as it is written in a limit, with its unit: {@code 1m}, {@code 500ms},
	 * {@code PT15M}.
	 * @param text the text
	 * @return the time, which may be zero
	 * @throws IllegalArgumentException if the text is not a time; the message quotes it
	 */
	public static Duration time(String text) {
		Objects.requireNonNull(text, "a time is null: write a number and its unit, for example 90s");
		return TimeFormat.parse(text);
	}

	/**
	 * Returns the permits per window.
	 * @return 1 to {@value #MAX_PERMITS}
	 */
	public final long permits() {
		return this.permits;
	}

	/**
	 * Returns the time that the limit counts over; of a calendar window its nominal
	 * length.
	 * @return more than zero, at most ten years
	 */
	public final Duration window() {
		return this.window;
	}

	/**
	 * Returns the limit's own name in header fields.
	 * @return the name, or {@code null} where it follows from the policy's name
	 */
	public final @Nullable String name() {
		return this.name;
	}

	/**
	 * Returns how permits are counted, as it is written in configuration:
	 * {@code sliding-window}.
	 * @return the algorithm's name
	 */
	public abstract String algorithm();

	/**
	 * Returns this limit with a name of its own.
	 * @param name the name in header fields; {@code null} for none
	 * @return a new limit
	 */
	public abstract Limit withName(@Nullable String name);

	/**
	 * Returns the most permits that a single claim can ever take. A claim of more is
	 * refused for good.
	 * @return the capacity
	 */
	public long capacity() {
		return this.permits;
	}

	/**
	 * Returns whether a claim can be allowed with a delay.
	 * @return whether {@link Decision#delayNanos()} can be more than zero
	 */
	public boolean delays() {
		return false;
	}

	/**
	 * Returns the time after which a key that was not used has all permits again,
	 * whatever it has used before: what a store keeps of a key need not live longer.
	 * @return at least the window
	 */
	public Duration memory() {
		return this.window;
	}

	/**
	 * Returns the window as it is written in configuration and in the limit's default
	 * name: {@code 1m}, or {@code month} for a calendar window.
	 * @return the window's text
	 */
	public String windowText() {
		return TimeFormat.text(this.window);
	}

	/**
	 * Returns whether permits counted by the other limit mean the same here, so that they
	 * are kept when one replaces the other.
	 * @param other the other limit
	 * @return whether window, alignment and algorithm are the same
	 */
	public boolean countsLike(Limit other) {
		return algorithm().equals(other.algorithm()) && this.window.equals(other.window);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof Limit limit && this.permits == limit.permits
				&& capacity() == limit.capacity() && countsLike(limit) && options().equals(limit.options())
				&& Objects.equals(this.name, limit.name));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.permits, this.window, algorithm());
	}

	/**
	 * Returns the limit as {@link #valueOf} reads it: {@code 100/1m}, with what is not
	 * the default behind it.
	 */
	@Override
	public String toString() {
		String text = this.permits + "/" + windowText() + options();
		return (this.name != null) ? text + " name " + this.name : text;
	}

	/**
	 * Returns what is written behind permits and window: nothing, or words that each have
	 * a blank before them.
	 */
	abstract String options();

	static void require(boolean condition, String message, Object... arguments) {
		if (!condition) {
			throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
		}
	}

}
