package io.ratelimit.spring.request;

import java.util.List;

import io.ratelimit.Decision;

/**
 * Writes a client's limits to a response. A bean of this type replaces the configured
 * style. Must be safe for use by many threads.
 */
@FunctionalInterface
public interface RateLimitHeaders {

	/**
	 * Sets the fields for a response that is not committed. May be called more than once
	 * for a response; what is set last counts.
	 * @param response the response
	 * @param decisions every decision on the request so far, those of policies in shadow
	 * mode and those that no store has counted among them
	 */
	void write(LimitedResponse response, List<Decision> decisions);

}
