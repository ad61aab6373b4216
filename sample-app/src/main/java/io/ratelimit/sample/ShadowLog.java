package io.ratelimit.sample;

import io.ratelimit.Decision;
import io.ratelimit.Mode;
import io.ratelimit.RateLimitListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Says what policies in shadow mode would have refused. Any bean of this type is told of
 * every decision.
 */
@Component
class ShadowLog implements RateLimitListener {

	private static final Logger logger = LoggerFactory.getLogger(ShadowLog.class);

	@Override
	public void onDecision(String key, long permits, Decision decision) {
		if (!decision.allowed() && decision.policy().mode() == Mode.SHADOW) {
			logger.info("Policy '{}' would have refused a request", decision.policy().name());
		}
	}

}
