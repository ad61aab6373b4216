package io.ratelimit.spring.request;

import java.util.List;
import java.util.function.Function;

import io.ratelimit.Decision;
import io.ratelimit.spring.policy.InvalidRateLimitException;

/**
 * The status of a response to a client over its limit, by which decisions become a
 * refusal.
 *
 * @param status the status
 */
record RefusalStatus(int status) implements Function<List<Decision>, Refusal> {

	/**
	 * Creates a status as it is configured.
	 * @throws InvalidRateLimitException if it is not that of an error
	 */
	RefusalStatus {
		if (status < 400 || status > 599) {
			throw new InvalidRateLimitException("ratelimit.http.status",
					"%s is no status of an error".formatted(status), "Use 429, or any other from 400 to 599.");
		}
	}

	@Override
	public Refusal apply(List<Decision> decisions) {
		return Refusal.of(decisions, this.status);
	}

}
