package io.ratelimit;

import java.util.Objects;

/**
 * One line of an all-or-nothing request to a store. Immutable.
 */
public sealed class BoundClaim permits Line {

	private final BoundPolicy policy;

	private final String key;

	private final long permits;

	BoundClaim(BoundPolicy policy, String key, long permits) {
		this.policy = Objects.requireNonNull(policy, "policy");
		this.key = Objects.requireNonNull(key, "key");
		this.permits = Claim.requirePositive(permits);
	}

	/**
	 * Returns a claim.
	 * @param policy a policy that was bound by the store
	 * @param key who is being counted
	 * @param permits how many permits to take
	 * @return the claim
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 */
	public static BoundClaim of(BoundPolicy policy, String key, long permits) {
		return new BoundClaim(policy, key, permits);
	}

	/**
	 * Returns the policy.
	 * @return a policy that was bound by the store
	 */
	public final BoundPolicy policy() {
		return this.policy;
	}

	/**
	 * Returns the key, which identifies the client that is counted.
	 * @return the key
	 */
	public final String key() {
		return this.key;
	}

	/**
	 * Returns how many permits to take.
	 * @return at least 1
	 */
	public final long permits() {
		return this.permits;
	}

}
