package io.ratelimit.spring.web;

import java.io.IOException;
import java.util.List;

import io.ratelimit.Decision;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Turns a request away: status, header fields, body. Never by {@code sendError}, whose
 * dispatch would have to pass security once more.
 */
public final class Refusals {

	private final RateLimitHeaders headers;

	private final RefusalHandler handler;

	private final CrossOrigin crossOrigin;

	private final int status;

	/**
	 * Creates a way to refuse.
	 * @param headers what to tell the client
	 * @param handler writes the body
	 * @param crossOrigin lets scripts of other origins read a refusal
	 * @param status status for a client over its limit
	 */
	public Refusals(RateLimitHeaders headers, RefusalHandler handler, CrossOrigin crossOrigin, int status) {
		this.headers = headers;
		this.handler = handler;
		this.crossOrigin = crossOrigin;
		this.status = status;
	}

	/**
	 * Refuses a request. What it has been charged elsewhere stays taken, since it was
	 * taken for work that has been done. Does nothing to a response that is committed.
	 * @param decisions the decisions, at least one of which
	 * {@linkplain Decision#refuses() refuses}
	 * @param request the request
	 * @param response the response
	 * @throws IOException if the client has gone away
	 */
	public void refuse(List<Decision> decisions, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		RequestCharges charges = RequestCharges.of(request);
		charges.decided(decisions);
		if (response.isCommitted()) {
			return;
		}
		List<Decision> all = charges.decisions();
		response.resetBuffer();
		long retryAfter = Refusal.retryAfter(all);
		Refusal refusal = Refusal.of(all, this.status);
		response.setStatus(refusal.status());
		this.headers.write(response, all);
		if (retryAfter > 0) {
			response.setHeader("Retry-After", Long.toString(retryAfter));
		}
		response.setHeader("Cache-Control", "no-store");
		this.crossOrigin.grant(request, response);
		this.handler.handle(refusal, request, response);
	}

}
