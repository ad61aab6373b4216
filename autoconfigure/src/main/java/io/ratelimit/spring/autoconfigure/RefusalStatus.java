package io.ratelimit.spring.autoconfigure;

import io.ratelimit.spring.policy.InvalidRateLimitException;

/**
 * The status of a response to a client over its limit.
 */
final class RefusalStatus {

	private RefusalStatus() {
	}

	/**
	 * Returns the configured status.
	 * @throws InvalidRateLimitException if it is not that of an error
	 */
	static int of(RateLimitProperties.Http http) {
		int status = http.status();
		if (status < 400 || status > 599) {
			throw new InvalidRateLimitException("ratelimit.http.status",
					"%s is no status of an error".formatted(status), "Use 429, or any other from 400 to 599.");
		}
		return status;
	}

}
