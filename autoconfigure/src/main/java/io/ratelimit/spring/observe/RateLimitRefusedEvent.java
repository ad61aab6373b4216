package io.ratelimit.spring.observe;

import java.util.Objects;

import io.ratelimit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * Published when a request or call is refused, so many times a second for each policy at
 * most. Immutable.
 */
public final class RateLimitRefusedEvent {

	private final Decision decision;

	private final @Nullable String key;

	private final long leftOut;

	private RateLimitRefusedEvent(Decision decision, @Nullable String key, long leftOut) {
		this.decision = Objects.requireNonNull(decision, "decision");
		this.key = key;
		this.leftOut = leftOut;
	}

	/**
	 * Returns an event.
	 * @param decision the decision, which denies
	 * @param key key of the client; {@code null} to leave it out
	 * @param leftOut how many refusals of the policy were not published since the last
	 * that was
	 * @return the event
	 */
	public static RateLimitRefusedEvent of(Decision decision, @Nullable String key, long leftOut) {
		return new RateLimitRefusedEvent(decision, key, leftOut);
	}

	/**
	 * Returns the policy that refused.
	 * @return its name
	 */
	public String policy() {
		return this.decision.policy().name();
	}

	/**
	 * Returns the decision.
	 * @return the decision, which denies
	 */
	public Decision decision() {
		return this.decision;
	}

	/**
	 * Returns the key of the client that was refused.
	 * @return the key; {@code null} unless {@code ratelimit.events.keys} is set
	 */
	public @Nullable String key() {
		return this.key;
	}

	/**
	 * Returns how many refusals of the policy were not published since the last that was.
	 * @return the number of refusals
	 */
	public long leftOut() {
		return this.leftOut;
	}

	@Override
	public String toString() {
		return "%s, %s refusals left out".formatted(this.decision, this.leftOut);
	}

}
