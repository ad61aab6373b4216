package io.ratelimit;

import java.io.Serializable;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a claim. Times are lengths in nanoseconds from the moment of the
 * decision.
 *
 * @param allowed whether the claim was granted. In an all-or-nothing request nothing was
 * taken unless every decision allows
 * @param counted whether a store counted it; {@code false} where the store could not
 * answer or the policy is off, and then the numbers mean nothing
 * @param policy the policy that decided
 * @param limit the limit that binds: the one that refused (with the longest wait, if
 * several did), else the one with the least left relative to what it allows
 * @param remaining permits left of that limit after this decision
 * @param waitNanos for an allowed claim how long to wait before acting on it, mostly
 * zero; for a denied one how long until the same claim would pass, nothing else
 * happening, or {@link #NEVER}
 * @param resetAfterNanos time until that limit has more permits left than now, nothing
 * else happening; zero if none of it is used
 * @param next the decision of another limit of the same policy that denied the claim too,
 * or {@code null}
 */
public record Decision(boolean allowed, boolean counted, Policy policy, Limit limit, long remaining, long waitNanos,
		long resetAfterNanos, @Nullable Decision next) implements Serializable {

	/**
	 * A wait without end: the claim asks for more than the limit can ever hold.
	 */
	public static final long NEVER = Long.MAX_VALUE;

	private static final long UNAVAILABLE_RETRY_NANOS = 1_000_000_000L;

	public Decision {
		Objects.requireNonNull(policy, "policy");
		Objects.requireNonNull(limit, "limit");
	}

	/**
	 * Makes a decision that grants a claim.
	 * @param policy the policy
	 * @param limit the limit that binds
	 * @param remaining permits left of that limit
	 * @param delayNanos how long to wait before acting on it
	 * @param resetAfterNanos time until the limit has more permits left
	 * @return the decision
	 */
	public static Decision allowed(Policy policy, Limit limit, long remaining, long delayNanos, long resetAfterNanos) {
		return new Decision(true, true, policy, limit, remaining, delayNanos, resetAfterNanos, null);
	}

	/**
	 * Makes a decision that denies a claim.
	 * @param policy the policy
	 * @param limit the limit that denies
	 * @param remaining permits left of that limit
	 * @param retryAfterNanos time until the same claim would pass, or {@link #NEVER}
	 * @param resetAfterNanos time until the limit has more permits left
	 * @param next the decision of the next limit that denied the claim too
	 * @return the decision
	 */
	public static Decision denied(Policy policy, Limit limit, long remaining, long retryAfterNanos,
			long resetAfterNanos, @Nullable Decision next) {
		return new Decision(false, true, policy, limit, remaining, retryAfterNanos, resetAfterNanos, next);
	}

	/**
	 * Makes the decision for a claim that no store has counted.
	 * @param policy the policy
	 * @param allowed whether the claim passes all the same
	 * @return the decision
	 */
	public static Decision notCounted(Policy policy, boolean allowed) {
		return new Decision(allowed, false, policy, policy.limits().get(0), 0, allowed ? 0 : UNAVAILABLE_RETRY_NANOS, 0,
				null);
	}

	/**
	 * Makes the decision for a request that does not say who it is from, and is denied
	 * for it.
	 * @param policy the policy
	 * @return the decision
	 */
	public static Decision withoutKey(Policy policy) {
		return new Decision(false, true, policy, policy.limits().get(0), 0, NEVER, 0, null);
	}

	/**
	 * Returns how long to wait before acting on an allowed claim.
	 * @return the delay; zero unless a {@link Algorithm#LEAKY_BUCKET} allowed the claim
	 */
	public long delayNanos() {
		return this.allowed ? this.waitNanos : 0;
	}

	/**
	 * Returns how long it takes until a denied claim would pass, nothing else happening.
	 * @return the wait, which is exact; {@link #NEVER} if it never will; zero if the
	 * claim was allowed
	 */
	public long retryAfterNanos() {
		return this.allowed ? 0 : this.waitNanos;
	}

	/**
	 * Returns whether the caller has to be turned away: the claim was not allowed, and
	 * the policy is enforced.
	 * @return whether to refuse
	 */
	public boolean refuses() {
		return !this.allowed && this.policy.mode() == Mode.ENFORCE;
	}

}
