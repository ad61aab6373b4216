package io.ratelimit;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a store that cannot answer. Carries no key.
 */
public class RateLimitStoreException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Makes an exception.
	 * @param message what happened, without any key
	 * @param cause what the store's client threw
	 */
	public RateLimitStoreException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
