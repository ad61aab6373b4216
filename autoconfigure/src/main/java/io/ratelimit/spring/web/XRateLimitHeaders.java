package io.ratelimit.spring.web;

import java.time.InstantSource;
import java.util.List;

import io.ratelimit.Decision;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The fields that many APIs had before there was a draft.
 */
final class XRateLimitHeaders implements RateLimitHeaders {

	private final InstantSource clock;

	private final HeaderStyle.XReset reset;

	XRateLimitHeaders(InstantSource clock, HeaderStyle.XReset reset) {
		this.clock = clock;
		this.reset = reset;
	}

	@Override
	public void write(HttpServletResponse response, List<Decision> decisions) {
		Decision binding = Quota.longest(decisions);
		if (binding == null) {
			return;
		}
		response.setHeader("X-RateLimit-Limit", Long.toString(binding.limit().permits()));
		response.setHeader("X-RateLimit-Remaining", Long.toString(binding.remaining()));
		long seconds = Quota.seconds(binding);
		if (seconds >= 0) {
			// rounded up by both, so that a client never comes back too early
			long now = -Math.floorDiv(-this.clock.millis(), 1000L);
			response.setHeader("X-RateLimit-Reset",
					Long.toString((this.reset == HeaderStyle.XReset.EPOCH) ? now + seconds : seconds));
		}
	}

}
