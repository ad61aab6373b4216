package io.ratelimit;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One line of an all-or-nothing request. Immutable.
 */
public final class Claim {

	private final Limiter limiter;

	private final String key;

	private final long permits;

	private Claim(Limiter limiter, String key, long permits) {
		this.limiter = Objects.requireNonNull(limiter, "limiter");
		this.key = Objects.requireNonNull(key, "key");
		this.permits = requirePositive(permits);
	}

	/**
	 * Returns a claim.
	 * @param limiter limiter of the policy to satisfy
	 * @param key who is being counted
	 * @param permits how many permits to take
	 * @return the claim
	 * @throws IllegalArgumentException if {@code permits} is less than 1
	 */
	public static Claim of(Limiter limiter, String key, long permits) {
		return new Claim(limiter, key, permits);
	}

	/**
	 * Returns the limiter of the policy to satisfy.
	 * @return the limiter
	 */
	public Limiter limiter() {
		return this.limiter;
	}

	/**
	 * Returns the key, which identifies the client that is counted.
	 * @return the key; personal data, perhaps
	 */
	public String key() {
		return this.key;
	}

	/**
	 * Returns how many permits to take.
	 * @return at least 1
	 */
	public long permits() {
		return this.permits;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Claim claim && this.limiter == claim.limiter && this.key.equals(claim.key)
				&& this.permits == claim.permits;
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.key, this.permits);
	}

	/**
	 * Returns the limiter of a claim. One of other rate limits would be counted by their
	 * store, apart from the other claims.
	 * @param failures belongs to the rate limits that are to decide
	 * @throws IllegalArgumentException if the limiter is of others
	 */
	static Limiter limiter(Claim claim, StoreFailures failures) {
		Limiter limiter = Objects.requireNonNull(claim, "claim").limiter;
		if (!limiter.isOf(failures)) {
			throw new IllegalArgumentException(
					"a claim on policy '%s' of other RateLimits: claims are admitted by those that have made their limiters"
						.formatted(limiter.policy().name()));
		}
		return limiter;
	}

	/**
	 * Checks a number of permits.
	 * @param permits how many permits to take
	 * @return the same number
	 * @throws IllegalArgumentException if that is less than 1
	 */
	public static long requirePositive(long permits) {
		if (permits < 1) {
			throw new IllegalArgumentException("a claim of %s permits: it must be at least 1".formatted(permits));
		}
		return permits;
	}

}
