package io.ratelimit.spring.web;

import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-11: lists of strings with parameters
 * (RFC 9651).
 */
final class DraftHeaders implements RateLimitHeaders {

	@Override
	public void write(HttpServletResponse response, List<Decision> decisions) {
		StringBuilder policies = new StringBuilder();
		for (Decision decision : decisions) {
			if (Quota.shown(decision)) {
				for (Limit limit : decision.policy().limits()) {
					item(policies, decision, limit).append(";q=")
						.append(limit.permits())
						.append(";w=")
						.append(Quota.window(limit));
				}
			}
		}
		if (policies.isEmpty()) {
			return;
		}
		response.setHeader("RateLimit-Policy", policies.toString());
		StringBuilder state = new StringBuilder();
		for (Decision decision : Quota.binding(decisions)) {
			item(state, decision, decision.limit()).append(";r=").append(decision.remaining());
			long seconds = Quota.seconds(decision);
			if (seconds >= 0) {
				state.append(";t=").append(seconds);
			}
		}
		response.setHeader("RateLimit", state.toString());
	}

	private static StringBuilder item(StringBuilder list, Decision decision, Limit limit) {
		if (!list.isEmpty()) {
			list.append(", ");
		}
		return list.append('"').append(decision.policy().nameOf(limit)).append('"');
	}

}
