package io.ratelimit.spring.request;

import java.io.Serial;

/**
 * Thrown at start-up when a {@link Guard} cannot work.
 */
public final class InvalidGuardException extends IllegalArgumentException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String property;

	InvalidGuardException(String property, String message) {
		super(message);
		this.property = property;
	}

	/**
	 * Returns the property at fault.
	 * @return its name within the policy: {@code paths}
	 */
	public String property() {
		return this.property;
	}

}
