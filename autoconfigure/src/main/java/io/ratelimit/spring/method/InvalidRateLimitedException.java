package io.ratelimit.spring.method;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at start-up when a {@link io.ratelimit.annotation.RateLimited} annotation cannot
 * do what it says. The message names the element and quotes what is written there.
 */
public final class InvalidRateLimitedException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String action;

	InvalidRateLimitedException(String message, String action, @Nullable Throwable cause) {
		super(message, cause);
		this.action = action;
	}

	/**
	 * Returns what to do about it.
	 * @return a sentence or two
	 */
	public String getAction() {
		return this.action;
	}

}
