package io.ratelimit.spring.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Decision;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Turns a request away: status, header fields, body. Never by {@code sendError}, whose
 * dispatch would have to pass security once more.
 */
public final class Refusals {

	private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

	private static final int SERVICE_UNAVAILABLE = 503;

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
		long retryAfter = retryAfter(all);
		Refusal refusal = refusal(all, retryAfter);
		response.setStatus(refusal.status());
		this.headers.write(response, all);
		if (retryAfter > 0) {
			response.setHeader("Retry-After", Long.toString(retryAfter));
		}
		response.setHeader("Cache-Control", "no-store");
		this.crossOrigin.grant(request, response);
		this.handler.handle(refusal, request, response);
	}

	private Refusal refusal(List<Decision> decisions, long retryAfter) {
		List<String> names = new ArrayList<>(2);
		boolean counted = false;
		for (Decision decision : decisions) {
			if (decision.refuses()) {
				counted |= decision.counted();
				for (Decision link = decision; link != null; link = link.next()) {
					names.add(link.policy().nameOf(link.limit()));
				}
			}
		}
		if (!counted) {
			return new Refusal(SERVICE_UNAVAILABLE, TYPES + "temporary-reduced-capacity", "Service Unavailable",
					"Requests cannot be counted at the moment, and are refused until they can.", names, decisions);
		}
		String detail = (retryAfter > 0)
				? "Too many requests; try again in " + retryAfter + ((retryAfter == 1) ? " second." : " seconds.")
				: "This request can not be granted, however long one waits.";
		return new Refusal(this.status, TYPES + "quota-exceeded",
				(this.status == 429) ? "Too Many Requests" : "Quota Exceeded", detail, names, decisions);
	}

	/**
	 * Returns the longest wait of all that refused, in seconds; 0 if waiting is of no
	 * use.
	 */
	private static long retryAfter(List<Decision> decisions) {
		long longest = 0;
		for (Decision decision : decisions) {
			if (decision.refuses()) {
				longest = Math.max(longest, decision.retryAfterNanos());
			}
		}
		return (longest == Decision.NEVER) ? 0 : Math.max(1, Quota.seconds(longest));
	}

}
