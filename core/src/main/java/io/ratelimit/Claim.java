package io.ratelimit;

import java.util.Objects;

/**
 * One line of an all-or-nothing request.
 *
 * @param policy the policy to satisfy; a store knows it by its name
 * @param key who is being counted
 * @param permits how many permits to take, at least 1
 */
public record Claim(Policy policy, String key, long permits) {

	public Claim {
		Objects.requireNonNull(policy, "policy");
		Objects.requireNonNull(key, "key");
		requirePositive(permits);
	}

	/**
	 * Checks a number of permits.
	 * @param permits how many permits to take
	 * @throws IllegalArgumentException if that is less than 1
	 */
	public static void requirePositive(long permits) {
		if (permits < 1) {
			throw new IllegalArgumentException("a claim of %s permits: it must be at least 1".formatted(permits));
		}
	}

}
