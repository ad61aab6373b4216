package io.ratelimit.spring.web;

import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-06.
 */
final class Draft06Headers implements RateLimitHeaders {

	@Override
	public void write(HttpServletResponse response, List<Decision> decisions) {
		Decision binding = Quota.longest(decisions);
		if (binding == null) {
			return;
		}
		StringBuilder policies = new StringBuilder();
		for (Decision decision : decisions) {
			if (Quota.shown(decision)) {
				for (Limit limit : decision.policy().limits()) {
					policies.append(policies.isEmpty() ? "" : ", ")
						.append(limit.permits())
						.append(";w=")
						.append(Quota.window(limit));
				}
			}
		}
		response.setHeader("RateLimit-Limit", Long.toString(binding.limit().permits()));
		response.setHeader("RateLimit-Remaining", Long.toString(binding.remaining()));
		long seconds = Quota.seconds(binding);
		if (seconds >= 0) {
			response.setHeader("RateLimit-Reset", Long.toString(seconds));
		}
		response.setHeader("RateLimit-Policy", policies.toString());
	}

}
