package io.ratelimit.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Comparator;

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

	/** The index of every limit. */
	final BitSet all = new BitSet();

	/** When each limit began to count, unless it did so from the first. */
	private final @Nullable Long[] begins;

	private EncodedPolicy(Policy policy, Instant now, @Nullable Long[] begins) {
		this.policy = policy;
		this.slides = policy.limits().stream().allMatch((limit) -> limit instanceof SlidingWindow);
		this.limits = EncodedLimit.of(policy.limits(), now);
		this.begins = begins;
		this.all.set(0, begins.length);
	}

	static EncodedPolicy of(Policy policy) {
		return new EncodedPolicy(policy, Instant.now(), new Long[policy.limits().size()]);
	}

	/**
	 * Encodes a policy that replaces this one.
	 * @param nanoTime when it does
	 */
	EncodedPolicy replacedBy(Policy policy, long nanoTime) {
		@Nullable Long[] begins = new Long[policy.limits().size()];
		boolean[] taken = new boolean[this.begins.length];
		for (int i = 0; i < begins.length; i++) {
			int former = indexOf(policy.limits().get(i), taken);
			begins[i] = (former >= 0) ? this.begins[former] : Long.valueOf(nanoTime);
		}
		return new EncodedPolicy(policy, Instant.now(), begins);
	}

	/**
	 * Encodes the policy around another moment.
	 * @param micros the server's time, in microseconds since the epoch
	 */
	EncodedPolicy around(long micros) {
		return new EncodedPolicy(this.policy, Instant.EPOCH.plus(micros, ChronoUnit.MICROS), this.begins);
	}

	/**
	 * Returns which of the limits have counted since something was granted.
	 */
	BitSet countedSince(Decision granted) {
		BitSet counted = new BitSet();
		for (int i = 0; i < this.begins.length; i++) {
			counted.set(i, hasCountedSince(this.begins[i], granted));
		}
		return counted;
	}

	/**
	 * Returns for how long this policy keeps what a key has used.
	 */
	Duration memory() {
		return this.policy.limits().stream().map(Limit::memory).max(Comparator.naturalOrder()).orElseThrow();
	}

	@SuppressWarnings("ReferenceEquality") // tells policies apart that follow each other
											// at one moment
	private boolean hasCountedSince(@Nullable Long begin, Decision granted) {
		return begin == null || granted.moment() - begin > 0
				|| (granted.moment() == begin && granted.policy() == this.policy);
	}

	private int indexOf(Limit successor, boolean[] taken) {
		for (int i = 0; i < taken.length; i++) {
			if (!taken[i] && successor.countsLike(this.policy.limits().get(i))) {
				taken[i] = true;
				return i;
			}
		}
		return -1;
	}

}
