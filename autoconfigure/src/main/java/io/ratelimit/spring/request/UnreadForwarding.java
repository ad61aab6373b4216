package io.ratelimit.spring.request;

import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that requests come by a proxy that is not trusted, so that all of its clients
 * are counted as one.
 */
final class UnreadForwarding {

	private static final Logger logger = LoggerFactory.getLogger(RequestRules.class);

	private static final int REQUESTS_LOOKED_AT = 1_000;

	private final AtomicInteger left;

	/**
	 * Creates the notice.
	 * @param unread whether no forwarding header is read
	 */
	UnreadForwarding(boolean unread) {
		this.left = new AtomicInteger(unread ? REQUESTS_LOOKED_AT : 0);
	}

	/**
	 * Looks at one of the first requests that are counted by address.
	 */
	void look(LimitedRequest request) {
		if (this.left.get() <= 0 || this.left.getAndDecrement() <= 0) {
			return;
		}
		String field = (request.header("X-Forwarded-For") != null) ? "X-Forwarded-For"
				: (request.header("Forwarded") != null) ? "Forwarded" : null;
		if (field != null && this.left.getAndSet(0) > 0) {
			logger.warn("A request carries {}, which is not read: if a proxy stands in front, all of its clients are "
					+ "counted as one. Name the proxy's addresses in ratelimit.http.trusted-proxies (and "
					+ "ratelimit.http.forwarded-header, if it writes Forwarded). This is logged once", field);
		}
	}

}
