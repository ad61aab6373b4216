package io.ratelimit;

import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a claim. Times are lengths in nanoseconds from the moment of the
 * decision. Immutable.
 */
public abstract sealed class Decision implements Serializable permits AllowedDecision, DeniedDecision {

	/**
	 * A wait without end: the claim asks for more than the limit can ever hold.
	 */
	public static final long NEVER = Long.MAX_VALUE;

	@Serial
	private static final long serialVersionUID = 1L;

	private static final long UNAVAILABLE_RETRY_NANOS = 1_000_000_000L;

	private final boolean counted;

	private final boolean local;

	private final Policy policy;

	private final Limit limit;

	private final long remaining;

	private final long resetAfterNanos;

	Decision(boolean counted, boolean local, Policy policy, Limit limit, long remaining, long resetAfterNanos) {
		this.counted = counted;
		this.local = local;
		this.policy = Objects.requireNonNull(policy, "policy");
		this.limit = Objects.requireNonNull(limit, "limit");
		this.remaining = remaining;
		this.resetAfterNanos = resetAfterNanos;
	}

	/**
	 * Returns a decision that grants a claim, and takes nothing.
	 * @param policy the policy
	 * @param limit the limit that binds
	 * @param remaining permits left of that limit
	 * @param delayNanos how long to wait before acting on it
	 * @param resetAfterNanos time until the limit has more permits left
	 * @return the decision
	 */
	public static Decision allowed(Policy policy, Limit limit, long remaining, long delayNanos, long resetAfterNanos) {
		return allowed(policy, limit, remaining, delayNanos, resetAfterNanos, 0);
	}

	/**
	 * Returns a decision that grants a claim.
	 * @param policy the policy
	 * @param limit the limit that binds
	 * @param remaining permits left of that limit
	 * @param delayNanos how long to wait before acting on it
	 * @param resetAfterNanos time until the limit has more permits left
	 * @param moment reading of the store's clock at which the permits were taken, for
	 * {@link BoundPolicy#giveBack}
	 * @return the decision
	 */
	public static Decision allowed(Policy policy, Limit limit, long remaining, long delayNanos, long resetAfterNanos,
			long moment) {
		return new AllowedDecision(true, false, policy, limit, remaining, resetAfterNanos, delayNanos, moment);
	}

	/**
	 * Returns a decision that denies a claim.
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
		return new DeniedDecision(true, false, policy, limit, remaining, resetAfterNanos, retryAfterNanos, next);
	}

	/**
	 * Returns the decision for a claim that no store has counted.
	 * @param policy the policy
	 * @param allowed whether the claim passes all the same
	 * @return the decision
	 */
	public static Decision notCounted(Policy policy, boolean allowed) {
		Limit first = policy.limits().get(0);
		return allowed ? new AllowedDecision(false, false, policy, first, 0, 0, 0, 0)
				: new DeniedDecision(false, false, policy, first, 0, 0, UNAVAILABLE_RETRY_NANOS, null);
	}

	/**
	 * Returns the decision for a request that does not say who it is from, and is denied
	 * for it.
	 * @param policy the policy
	 * @return the decision
	 */
	public static Decision withoutKey(Policy policy) {
		return new DeniedDecision(true, false, policy, policy.limits().get(0), 0, 0, NEVER, null);
	}

	/**
	 * Returns the decision that clients see where there is room for one only: of those
	 * that refuse the one with the longest wait, else the one with the least left
	 * relative to what its limit allows.
	 * @param decisions the decisions on one request
	 * @return one of the counted decisions of enforced policies, or one that refuses;
	 * {@code null} if there is none
	 */
	public static @Nullable Decision binding(List<Decision> decisions) {
		return Decisions.binding(decisions);
	}

	/**
	 * Returns how long to wait before acting on what enforced policies have allowed.
	 * @param decisions the decisions on one request, none of which {@linkplain #refuses()
	 * refuses}
	 * @return the longest delay
	 */
	public static long delayNanos(List<Decision> decisions) {
		return Decisions.delayNanos(decisions);
	}

	/**
	 * Returns whether the claim was granted. In an all-or-nothing request nothing was
	 * taken unless every decision allows.
	 * @return whether it was
	 */
	public abstract boolean allowed();

	/**
	 * Returns whether a store counted the claim.
	 * @return {@code false} where the store could not answer or the policy is off, and
	 * then the numbers mean nothing
	 */
	public boolean counted() {
		return this.counted;
	}

	/**
	 * Returns whether the claim was counted by the local store, as the other one could
	 * not answer.
	 * @return {@code false} where it was counted by the store, or by none
	 * @see FailureMode#LOCAL
	 */
	public boolean local() {
		return this.local;
	}

	/**
	 * Returns this decision as one of the local store.
	 */
	abstract Decision locally();

	/**
	 * Returns the policy as it stood when it decided.
	 * @return the policy
	 */
	public Policy policy() {
		return this.policy;
	}

	/**
	 * Returns the limit that binds: the one that was violated (with the longest wait, if
	 * several were), else the one with the least left relative to what it allows.
	 * @return one of the policy's limits
	 */
	public Limit limit() {
		return this.limit;
	}

	/**
	 * Returns the permits left of the {@linkplain #limit() limit} after this decision.
	 * @return the number of permits
	 */
	public long remaining() {
		return this.remaining;
	}

	/**
	 * Returns the time until the {@linkplain #limit() limit} has more permits left than
	 * now, nothing else happening.
	 * @return the time in nanoseconds; zero if none of it is used
	 */
	public long resetAfterNanos() {
		return this.resetAfterNanos;
	}

	/**
	 * Returns how long to wait before acting on an allowed claim.
	 * @return the delay in nanoseconds; zero unless a {@link LeakyBucket} allowed the
	 * claim
	 */
	public long delayNanos() {
		return 0;
	}

	/**
	 * Returns how long it takes until a denied claim would pass, nothing else happening.
	 * @return the wait in nanoseconds, which is exact; {@link #NEVER} if it never will;
	 * zero if the claim was allowed
	 */
	public long retryAfterNanos() {
		return 0;
	}

	/**
	 * Returns when the store took the permits, for the store.
	 * @return a reading of the store's own clock; zero if nothing was taken
	 */
	public long moment() {
		return 0;
	}

	/**
	 * Returns the decision of another limit of the same policy that was violated too.
	 * @return the decision, or {@code null} if there is no more
	 */
	public @Nullable Decision next() {
		return null;
	}

	/**
	 * Returns the limits that were violated, the one with the longest wait first.
	 * @return the limits; none if the claim was allowed, or not counted
	 */
	public List<Limit> violated() {
		List<Limit> violated = new ArrayList<>(2);
		for (Decision each = this; each != null && each.counted && !each.allowed(); each = each.next()) {
			violated.add(each.limit);
		}
		return violated;
	}

	/**
	 * Returns whether the caller has to be turned away: the claim was not allowed, and
	 * the policy is enforced.
	 * @return whether to refuse
	 */
	public boolean refuses() {
		return !allowed() && this.policy.mode() == Mode.ENFORCE;
	}

	/**
	 * Returns this decision as it would be if the limit allowed no delay, for a claim
	 * whose wait was broken off.
	 * @return a decision that denies, if this one delays and its policy is enforced; else
	 * this one
	 */
	public Decision withoutDelay() {
		if (delayNanos() <= 0 || this.policy.mode() != Mode.ENFORCE) {
			return this;
		}
		Decision denied = denied(this.policy, this.limit, 0, delayNanos(), this.resetAfterNanos, null);
		return this.local ? denied.locally() : denied;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Decision decision && allowed() == decision.allowed() && this.counted == decision.counted
				&& this.local == decision.local && this.remaining == decision.remaining
				&& this.resetAfterNanos == decision.resetAfterNanos && delayNanos() == decision.delayNanos()
				&& retryAfterNanos() == decision.retryAfterNanos() && this.policy.equals(decision.policy)
				&& this.limit.equals(decision.limit) && Objects.equals(next(), decision.next());
	}

	@Override
	public int hashCode() {
		return Objects.hash(allowed(), this.policy, this.remaining, this.resetAfterNanos);
	}

	@Override
	public String toString() {
		String outcome = allowed() ? "allowed" : "denied";
		return "%s by %s (%s)%s, %s left, delay %s ns, retry after %s ns, reset after %s ns%s".formatted(outcome,
				this.policy.name(), this.limit, !this.counted ? ", not counted" : this.local ? ", counted locally" : "",
				this.remaining, delayNanos(), retryAfterNanos(), this.resetAfterNanos,
				(next() != null) ? "; " + next() : "");
	}

}
