package io.ratelimit.spring.web.servlet;

import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.spring.request.RateLimitHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * A request and what it has been charged. Safe for use by many threads.
 */
final class ChargedRequest {

	private static final Logger logger = LoggerFactory.getLogger(ChargedRequest.class);

	private final HttpServletRequest request;

	private final @Nullable HttpServletResponse response;

	private final RequestCharges charges;

	private final RateLimitHeaders headers;

	ChargedRequest(ServletRequestAttributes attributes, RateLimitHeaders headers) {
		this.request = attributes.getRequest();
		this.response = attributes.getResponse();
		this.charges = RequestCharges.of(this.request);
		this.headers = headers;
	}

	/**
	 * Returns what the request has been charged.
	 * @return its charges
	 */
	RequestCharges charges() {
		return this.charges;
	}

	/**
	 * Notes decisions on the request, and writes them to the response, unless that is on
	 * its way or over.
	 * @param decisions the decisions
	 */
	void decided(List<Decision> decisions) {
		this.charges.decided(decisions);
		HttpServletResponse response = this.response;
		try {
			if (response != null && !response.isCommitted()) {
				this.headers.write(new LimitedServletResponse(this.request, response), this.charges.decisions());
			}
		}
		catch (RuntimeException ex) {
			// containers forbid the use of a response that is over
			logger.debug("The response to the request of a call is over", ex);
		}
	}

}
