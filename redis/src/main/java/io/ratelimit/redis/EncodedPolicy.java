package io.ratelimit.redis;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.ratelimit.Algorithm;
import io.ratelimit.Policy;

/**
 * A policy, and its limits as the script reads them.
 */
final class EncodedPolicy {

	final Policy policy;

	/** The limits, which hold windows of the calendar around some moment. */
	final byte[] limits;

	/** Whether there are none but sliding windows. */
	final boolean slides;

	private EncodedPolicy(Policy policy, Instant now) {
		this.policy = policy;
		this.slides = policy.limits().stream().allMatch((limit) -> limit.algorithm() == Algorithm.SLIDING_WINDOW);
		this.limits = EncodedLimit.of(policy.limits(), now);
	}

	static EncodedPolicy of(Policy policy) {
		return new EncodedPolicy(policy, Instant.now());
	}

	/**
	 * Encodes the policy around another moment.
	 * @param micros the server's time, in microseconds since the epoch
	 */
	EncodedPolicy around(long micros) {
		return new EncodedPolicy(this.policy, Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
	}

}
