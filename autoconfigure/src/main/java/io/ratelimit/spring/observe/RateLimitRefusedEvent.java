package io.ratelimit.spring.observe;

import io.ratelimit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * Published when a request or call is refused, so many times a second for each policy at
 * most.
 *
 * @param decision the decision; its policy tells by whom
 * @param key who was refused; {@code null} unless {@code ratelimit.events.keys} is set
 * @param leftOut how many refusals of the policy were not published since the last that
 * was
 */
public record RateLimitRefusedEvent(Decision decision, @Nullable String key, long leftOut) {

	/**
	 * Returns the policy that refused.
	 * @return its name
	 */
	public String policy() {
		return this.decision.policy().name();
	}

}
