package io.ratelimit.spring.web.servlet;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;

import io.ratelimit.Decision;
import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.Refusal;
import io.ratelimit.spring.request.RefusalHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Turns a request away: status, header fields, body. Never by {@code sendError}, whose
 * dispatch would have to pass security once more.
 */
final class Refusals {

	private final Function<LimitedRequest, String> addresses;

	private final RateLimitHeaders headers;

	private final RefusalHandler handler;

	private final CrossOrigin crossOrigin;

	private final Function<List<Decision>, Refusal> refusals;

	/**
	 * Creates a way to refuse.
	 * @param addresses the rules by which addresses of clients are found
	 * @param headers what to tell the client
	 * @param handler writes the body
	 * @param crossOrigin lets scripts of other origins read a refusal
	 * @param refusals returns the refusal that decisions come to
	 */
	Refusals(Function<LimitedRequest, String> addresses, RateLimitHeaders headers, RefusalHandler handler,
			CrossOrigin crossOrigin, Function<List<Decision>, Refusal> refusals) {
		this.addresses = addresses;
		this.headers = headers;
		this.handler = handler;
		this.crossOrigin = crossOrigin;
		this.refusals = refusals;
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
	void refuse(List<Decision> decisions, HttpServletRequest request, HttpServletResponse response) throws IOException {
		RequestCharges charges = RequestCharges.of(request);
		charges.decided(decisions);
		if (response.isCommitted()) {
			return;
		}
		List<Decision> all = charges.decisions();
		response.resetBuffer();
		Refusal refusal = this.refusals.apply(all);
		LimitedServletResponse answer = new LimitedServletResponse(request, response);
		response.setStatus(refusal.status());
		this.headers.write(answer, all);
		long retryAfter = refusal.retryAfter();
		if (retryAfter > 0) {
			response.setHeader("Retry-After", Long.toString(retryAfter));
		}
		response.setHeader("Cache-Control", "no-store");
		this.crossOrigin.grant(request, response);
		this.handler.handle(refusal, new LimitedServletRequest(request, this.addresses), answer);
	}

}
