package io.ratelimit.spring.web;

import java.io.IOException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

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
	void handle(Refusal refusal, HttpServletRequest request, HttpServletResponse response) throws IOException;

}
