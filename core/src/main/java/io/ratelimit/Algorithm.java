package io.ratelimit;

import java.util.Locale;

/**
 * How a {@link Limit} counts permits over its window.
 */
public enum Algorithm {

	/**
	 * Never more permits than the limit in any interval of the window's length, wherever
	 * it starts. The default.
	 */
	SLIDING_WINDOW,

	/**
	 * Counts from one boundary to the next: of the epoch, or of a {@link CalendarWindow}.
	 * Up to twice the limit can pass around a boundary.
	 */
	FIXED_WINDOW,

	/**
	 * A bucket of {@link Limit#burst()} permits, refilled continuously at the limit's
	 * rate.
	 */
	TOKEN_BUCKET,

	/**
	 * Lets permits leave one at a time, evenly spaced. What comes early is allowed with a
	 * delay of up to {@link Limit#maxWait()}; what would wait longer is refused.
	 */
	LEAKY_BUCKET;

	/**
	 * Returns the name as it stands in configuration: {@code sliding-window}.
	 * @return the lower-case name with hyphens
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
