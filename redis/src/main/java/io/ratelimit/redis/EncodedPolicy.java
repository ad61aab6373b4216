package io.ratelimit.redis;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.SlidingWindow;
import org.jspecify.annotations.Nullable;

/**
 * A policy, and its limits as the script reads them.
 */
final class EncodedPolicy {

	final Policy policy;

	/** The limits, which hold windows of the calendar around some moment. */
	final byte[] limits;

	/** Whether there are none but sliding windows. */
	final boolean slides;

	/** When the last of the limits began to count, unless all did from the first. */
	private final @Nullable Long begin;

	private EncodedPolicy(Policy policy, Instant now, @Nullable Long begin) {
		this.policy = policy;
		this.slides = policy.limits().stream().allMatch((limit) -> limit instanceof SlidingWindow);
		this.limits = EncodedLimit.of(policy.limits(), now);
		this.begin = begin;
	}

	static EncodedPolicy of(Policy policy) {
		return new EncodedPolicy(policy, Instant.now(), null);
	}

	/**
	 * Encodes a policy that replaces this one.
	 * @param nanoTime when it does
	 */
	EncodedPolicy replacedBy(Policy policy, long nanoTime) {
		boolean continued = policy.limits().stream().allMatch(this::counts);
		return new EncodedPolicy(policy, Instant.now(), continued ? this.begin : Long.valueOf(nanoTime));
	}

	/**
	 * Encodes the policy around another moment.
	 * @param micros the server's time, in microseconds since the epoch
	 */
	EncodedPolicy around(long micros) {
		return new EncodedPolicy(this.policy, Instant.EPOCH.plus(micros, ChronoUnit.MICROS), this.begin);
	}

	/**
	 * Returns whether every limit has counted since something was granted.
	 */
	@SuppressWarnings("ReferenceEquality") // tells policies apart that follow each other
											// at one moment
	boolean hasCountedSince(Decision granted) {
		return this.begin == null || granted.moment() - this.begin > 0
				|| (granted.moment() == this.begin && granted.policy() == this.policy);
	}

	private boolean counts(Limit limit) {
		return this.policy.limits().stream().anyMatch(limit::countsLike);
	}

}
