package io.ratelimit.spring.method;

import java.util.List;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Mode;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimiterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * When an admitted call may be made.
 */
final class Turn {

	/** At once. */
	static final Turn NOW = new Turn(0, List.of(), List.of(), null, 0);

	private final long delayNanos;

	private final List<Claim> claims;

	private final List<Decision> decisions;

	private final @Nullable RateLimiterRegistry registry;

	private final long since;

	/**
	 * Creates a turn.
	 * @param claims what has been taken
	 * @param decisions the decisions on it, in the same order
	 * @param registry gives back
	 * @param since moment before it was taken
	 */
	Turn(long delayNanos, List<Claim> claims, List<Decision> decisions, @Nullable RateLimiterRegistry registry,
			long since) {
		this.delayNanos = delayNanos;
		this.claims = claims;
		this.decisions = decisions;
		this.registry = registry;
		this.since = since;
	}

	long delayNanos() {
		return this.delayNanos;
	}

	/**
	 * Gives back what was taken, as the wait was broken off and nothing has been done.
	 */
	void giveBack() {
		for (int i = 0; i < this.claims.size(); i++) {
			Claim claim = this.claims.get(i);
			Decision decision = this.decisions.get(i);
			if (this.registry != null && decision.counted() && decision.allowed()) {
				this.registry.limiter(claim.policy().name())
					.giveBack(claim.key(), claim.permits(), System.nanoTime() - this.since);
			}
		}
	}

	/**
	 * Gives back what was taken, and returns the refusal that a wait comes to that was
	 * broken off.
	 */
	RateLimitExceededException brokenOff() {
		giveBack();
		return new RateLimitExceededException(this.decisions.stream().map(this::refused).toList());
	}

	private Decision refused(Decision decision) {
		return (decision.delayNanos() > 0 && decision.policy().mode() == Mode.ENFORCE) ? Decision
			.denied(decision.policy(), decision.limit(), 0, decision.delayNanos(), decision.resetAfterNanos(), null)
				: decision;
	}

}
