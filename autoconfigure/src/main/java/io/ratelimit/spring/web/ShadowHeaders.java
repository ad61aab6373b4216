package io.ratelimit.spring.web;

import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients of policies in shadow mode as if those were enforced.
 */
final class ShadowHeaders implements RateLimitHeaders {

	private final RateLimitHeaders headers;

	ShadowHeaders(RateLimitHeaders headers) {
		this.headers = headers;
	}

	@Override
	public void write(HttpServletResponse response, List<Decision> decisions) {
		this.headers.write(response, decisions.stream().map(ShadowHeaders::told).toList());
	}

	private static Decision told(Decision decision) {
		return (decision.policy().mode() == Mode.SHADOW) ? enforced(decision, decision.policy().withMode(Mode.ENFORCE))
				: decision;
	}

	private static Decision enforced(Decision decision, Policy policy) {
		@Nullable Decision next = decision.next();
		return new Decision(decision.allowed(), decision.counted(), policy, decision.limit(), decision.remaining(),
				decision.waitNanos(), decision.resetAfterNanos(), (next != null) ? enforced(next, policy) : null);
	}

}
