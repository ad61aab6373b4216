package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields for policies in shadow mode as if those were enforced.
 */
final class ShadowHeaders implements RateLimitHeaders {

	private final PerPolicy<Policy> enforced = new PerPolicy<>((policy) -> policy.withMode(Mode.ENFORCE));

	private final RateLimitHeaders headers;

	ShadowHeaders(RateLimitHeaders headers) {
		this.headers = headers;
	}

	@Override
	public void write(LimitedResponse response, List<Decision> decisions) {
		List<Decision> shown = new ArrayList<>(decisions.size());
		for (Decision decision : decisions) {
			shown.add((decision.policy().mode() == Mode.SHADOW)
					? enforced(decision, this.enforced.of(decision.policy())) : decision);
		}
		this.headers.write(response, shown);
	}

	private static Decision enforced(Decision decision, Policy policy) {
		@Nullable Decision next = decision.next();
		if (!decision.counted()) {
			return Decision.notCounted(policy, decision.allowed());
		}
		return decision.allowed()
				? Decision.allowed(policy, decision.limit(), decision.remaining(), decision.delayNanos(),
						decision.resetAfterNanos())
				: Decision.denied(policy, decision.limit(), decision.remaining(), decision.retryAfterNanos(),
						decision.resetAfterNanos(), (next != null) ? enforced(next, policy) : null);
	}

}
