package io.ratelimit.spring.web;

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
final class Quota {

	private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

	private Quota() {
	}

	/**
	 * Tells whether a client hears of a decision: it was counted, and it is enforced.
	 */
	static boolean shown(Decision decision) {
		return decision.counted() && decision.policy().mode() == Mode.ENFORCE;
	}

	/**
	 * Returns the decisions that bind: all that refused or, if none did, the one with the
	 * least left relative to what it allows.
	 */
	static List<Decision> binding(List<Decision> decisions) {
		List<Decision> refused = List.of();
		Decision least = null;
		for (int i = 0; i < decisions.size(); i++) {
			Decision decision = decisions.get(i);
			if (!shown(decision)) {
				continue;
			}
			for (Decision link = decision; link != null && !link.allowed(); link = link.next()) {
				refused = refused.isEmpty() ? new ArrayList<>(2) : refused;
				refused.add(link);
			}
			if (decision.allowed() && (least == null || left(decision) < left(least))) {
				least = decision;
			}
		}
		return !refused.isEmpty() ? refused : (least != null) ? List.of(least) : List.of();
	}

	/**
	 * Returns the one decision that binds, for styles that have room for one only: of
	 * several that refused that with the longest wait.
	 */
	static @Nullable Decision longest(List<Decision> decisions) {
		Decision longest = null;
		for (Decision decision : binding(decisions)) {
			if (longest == null || decision.retryAfterNanos() > longest.retryAfterNanos()) {
				longest = decision;
			}
		}
		return longest;
	}

	/**
	 * Returns the window in seconds.
	 */
	static long window(Limit limit) {
		return seconds(limit.window().toNanos());
	}

	/**
	 * Returns the seconds until more can be had: for a limit that has permits left at
	 * least as long as makes them last at the policy's own rate.
	 * @return the seconds, or -1 if there is no such time
	 */
	static long seconds(Decision decision) {
		if (decision.remaining() == 0) {
			if (decision.retryAfterNanos() == Decision.NEVER) {
				return -1;
			}
			return Math.max(1, seconds(decision.allowed() ? decision.resetAfterNanos() : decision.retryAfterNanos()));
		}
		Limit limit = decision.limit();
		double fair = (double) decision.remaining() * window(limit) / limit.permits();
		return Math.max(seconds(decision.resetAfterNanos()), (long) Math.ceil(fair));
	}

	static long seconds(long nanos) {
		return -Math.floorDiv(-nanos, NANOS_PER_SECOND);
	}

	private static double left(Decision decision) {
		return (double) decision.remaining() / decision.limit().capacity();
	}

}
