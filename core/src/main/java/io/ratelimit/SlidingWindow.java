package io.ratelimit;

import java.io.Serial;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Never more permits than the limit in any interval of the window's length, wherever it
 * starts. The default.
 */
public final class SlidingWindow extends Limit {

	static final String ALGORITHM = "sliding-window";

	@Serial
	private static final long serialVersionUID = 1L;

	private SlidingWindow(long permits, Duration window, @Nullable String name) {
		super(permits, window, name);
	}

	/**
	 * Returns a sliding window.
	 * @param permits permits per window
	 * @param window the time that the limit counts over
	 * @return the limit
	 */
	public static SlidingWindow of(long permits, Duration window) {
		return new SlidingWindow(permits, window, null);
	}

	static Limit read(LimitWords words) {
		return of(words.permits(), words.window());
	}

	@Override
	public String algorithm() {
		return ALGORITHM;
	}

	@Override
	public SlidingWindow withName(@Nullable String name) {
		return new SlidingWindow(permits(), window(), name);
	}

	@Override
	String options() {
		return "";
	}

}
