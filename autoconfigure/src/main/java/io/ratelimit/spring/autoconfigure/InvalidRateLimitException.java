package io.ratelimit.spring.autoconfigure;

import java.io.Serial;

/**
 * Thrown at start-up when a property under {@code ratelimit} cannot work.
 */
public final class InvalidRateLimitException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String property;

	private final String action;

	InvalidRateLimitException(String property, String reason, String action) {
		super(reason);
		this.property = property;
		this.action = action;
	}

	/**
	 * Returns the property at fault.
	 * @return its full name
	 */
	public String property() {
		return this.property;
	}

	/**
	 * Returns what to do about it.
	 * @return a sentence
	 */
	public String action() {
		return this.action;
	}

}
