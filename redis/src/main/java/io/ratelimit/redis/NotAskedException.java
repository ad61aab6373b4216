package io.ratelimit.redis;

import java.io.Serial;

import io.ratelimit.RateLimitStoreException;

/**
 * Thrown where the server is not asked. It is made once a call, so it does without a
 * stack trace.
 */
final class NotAskedException extends RateLimitStoreException {

	@Serial
	private static final long serialVersionUID = 1L;

	NotAskedException(Kind kind, String message) {
		super(kind, message, null);
	}

	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

}
