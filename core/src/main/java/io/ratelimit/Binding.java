package io.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * A policy as it stands, where it is counted, and who listens.
 *
 * @param bound the policy in the store
 * @param local the policy in the store of claims that the other cannot count;
 * {@code null} if there is none, or the policy denies them
 */
record Binding(Policy policy, BoundPolicy bound, @Nullable BoundPolicy local, Listeners listeners) {

	boolean isOff() {
		return this.policy.mode() == Mode.OFF;
	}

	boolean isEnforced() {
		return this.policy.mode() == Mode.ENFORCE;
	}

}
