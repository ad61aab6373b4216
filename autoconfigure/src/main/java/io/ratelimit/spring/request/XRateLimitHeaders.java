package io.ratelimit.spring.request;

import java.time.InstantSource;
import java.util.List;

import io.ratelimit.Decision;

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
	public void write(LimitedResponse response, List<Decision> decisions) {
		Decision closest = Quota.lowest(decisions);
		if (closest == null) {
			return;
		}
		response.setHeader("X-RateLimit-Limit", Long.toString(Quota.quota(closest.limit())));
		response.setHeader("X-RateLimit-Remaining", Long.toString(Quota.remaining(closest)));
		response.setHeader("X-RateLimit-Reset", Long.toString(reset(Quota.seconds(closest))));
	}

	/**
	 * Returns seconds from now as the value of the field, rounded up once more if that is
	 * a moment, so that a client never comes back too early.
	 */
	private long reset(long seconds) {
		long now = -Math.floorDiv(-this.clock.millis(), 1000L);
		return (this.reset == HeaderStyle.XReset.EPOCH) ? now + seconds : seconds;
	}

}
