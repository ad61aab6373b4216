package io.ratelimit.spring.request;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a decision as they go onto the wire: whole seconds, rounded up.
 */
/*
 * Clients divide. Some divide what remains by the quota, to see how near the end is: so
 * the quota is never less than what can remain, which for a bucket is its capacity, and
 * the window is the time in which that much comes back. Others divide what remains by the
 * time, to pace themselves: so that ratio is never more than the limit's own rate. Of a
 * refusal the time is the wait, as in Retry-After, and what remains is lowered instead.
 */
final class Quota {

	private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

	private Quota() {
	}

	/**
	 * Returns whether a decision's policy appears in header fields: the decision was
	 * counted, and the policy is enforced.
	 */
	static boolean shown(Decision decision) {
		return decision.counted() && decision.policy().mode() == Mode.ENFORCE;
	}

	/**
	 * Returns the decisions that bind: where a request is refused, all that refused it;
	 * else the one with the least left relative to its quota. There are none where
	 * nothing was counted: where the store could not answer, or a request was refused for
	 * want of a key.
	 */
	static List<Decision> binding(List<Decision> decisions) {
		if (refused(decisions)) {
			return refusals(decisions);
		}
		Decision binding = Decision.binding(decisions);
		return (binding != null) ? List.of(binding) : List.of();
	}

	/**
	 * Returns the one decision for styles that have room for one only: of those that
	 * refused the one with the longest wait, else the one with the lowest remainder, as
	 * draft-06 demands.
	 */
	static @Nullable Decision lowest(List<Decision> decisions) {
		if (refused(decisions)) {
			return Decision.binding(refusals(decisions));
		}
		Decision lowest = null;
		for (int i = 0; i < decisions.size(); i++) {
			Decision decision = decisions.get(i);
			if (shown(decision) && (lowest == null || decision.remaining() < lowest.remaining())) {
				lowest = decision;
			}
		}
		return lowest;
	}

	private static boolean refused(List<Decision> decisions) {
		for (int i = 0; i < decisions.size(); i++) {
			if (decisions.get(i).refuses()) {
				return true;
			}
		}
		return false;
	}

	private static List<Decision> refusals(List<Decision> decisions) {
		List<Decision> refusals = new ArrayList<>(2);
		for (int i = 0; i < decisions.size(); i++) {
			Decision decision = decisions.get(i);
			if (shown(decision) && !withoutKey(decision)) {
				for (Decision link = decision; link != null && !link.allowed(); link = link.next()) {
					refusals.add(link);
				}
			}
		}
		return refusals;
	}

	/**
	 * Returns whether a decision is about a request without a key: nothing remains, and
	 * yet nothing is used that could come back.
	 */
	private static boolean withoutKey(Decision decision) {
		return decision.retryAfterNanos() == Decision.NEVER && decision.remaining() == 0
				&& decision.resetAfterNanos() == 0;
	}

	/**
	 * Returns the most permits that can be left of a limit: its permits, or the capacity
	 * of a bucket that holds more.
	 */
	static long quota(Limit limit) {
		return Math.max(limit.permits(), limit.capacity());
	}

	/**
	 * Returns the seconds in which the {@link #quota} of a limit is granted: its window,
	 * or the time that a larger bucket takes to fill.
	 */
	static long window(Limit limit) {
		long window = limit.window().toNanos();
		long quota = quota(limit);
		return seconds((quota == limit.permits()) ? window : scaled(window, quota, limit.permits()));
	}

	private static long scaled(long nanos, long factor, long divisor) {
		long product = nanos * factor;
		if (Math.multiplyHigh(nanos, factor) == 0 && product >= 0) {
			return -Math.floorDiv(-product, divisor);
		}
		return BigInteger.valueOf(nanos)
			.multiply(BigInteger.valueOf(factor))
			.add(BigInteger.valueOf(divisor - 1))
			.divide(BigInteger.valueOf(divisor))
			.longValueExact();
	}

	/**
	 * Returns the permits that are left, at most as many as the limit grants within
	 * {@link #seconds(Decision)}.
	 */
	static long remaining(Decision decision) {
		Limit limit = decision.limit();
		long quota = quota(limit);
		long remaining = Math.max(0, Math.min(decision.remaining(), quota));
		return waits(decision)
				? Math.min(remaining, (long) Math.floor((double) seconds(decision) * quota / window(limit)))
				: remaining;
	}

	/**
	 * Returns the seconds until more can be had; where permits are left, at least as long
	 * as makes them last at the limit's own rate; where a claim was refused and may be
	 * repeated, how long to wait for that.
	 */
	static long seconds(Decision decision) {
		if (waits(decision)) {
			return Math.max(1, seconds(decision.retryAfterNanos()));
		}
		long reset = Math.max(1, seconds(decision.resetAfterNanos()));
		long quota = quota(decision.limit());
		double fair = (double) Math.min(decision.remaining(), quota) * window(decision.limit()) / quota;
		return Math.max(reset, (long) Math.ceil(fair));
	}

	static long seconds(long nanos) {
		return -Math.floorDiv(-nanos, NANOS_PER_SECOND);
	}

	private static boolean waits(Decision decision) {
		return !decision.allowed() && decision.retryAfterNanos() != Decision.NEVER;
	}

}
