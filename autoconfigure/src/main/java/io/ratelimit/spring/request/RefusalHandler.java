package io.ratelimit.spring.request;

import java.io.IOException;

/**
 * Writes the body of a refusal. A bean of this type replaces the problem details that are
 * written by default. Must be safe for use by many threads.
 */
@FunctionalInterface
public interface RefusalHandler {

	/**
	 * Writes the body. The status and all header fields are set; the response is not
	 * committed.
	 * @param refusal what is refused, and why
	 * @param request the request
	 * @param response the response
	 * @throws IOException if the client has gone away
	 */
	void handle(Refusal refusal, LimitedRequest request, LimitedResponse response) throws IOException;

	/**
	 * Returns the handler that writes problem details (RFC 9457).
	 * @return the handler that is used by default
	 */
	static RefusalHandler problemDetails() {
		return new ProblemRefusalHandler();
	}

}
