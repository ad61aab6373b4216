package io.ratelimit;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The decisions on one request.
 */
final class Decisions {

	private Decisions() {
	}

	/**
	 * Returns the decision that clients see where there is room for one only.
	 * @see Decision#binding(List)
	 */
	static @Nullable Decision binding(List<Decision> decisions) {
		Decision binding = null;
		for (int i = 0; i < decisions.size(); i++) {
			Decision decision = decisions.get(i);
			if (decision.policy().mode() == Mode.ENFORCE && (decision.counted() || !decision.allowed())
					&& (binding == null || bindsBefore(decision, binding))) {
				binding = decision;
			}
		}
		return binding;
	}

	/**
	 * Returns the longest delay of enforced policies.
	 * @see Decision#delayNanos(List)
	 */
	static long delayNanos(List<Decision> decisions) {
		long delay = 0;
		for (int i = 0; i < decisions.size(); i++) {
			Decision decision = decisions.get(i);
			if (decision.policy().mode() == Mode.ENFORCE) {
				delay = Math.max(delay, decision.delayNanos());
			}
		}
		return delay;
	}

	private static boolean bindsBefore(Decision decision, Decision other) {
		if (decision.allowed() != other.allowed()) {
			return !decision.allowed();
		}
		return decision.allowed() ? share(decision) < share(other)
				: decision.retryAfterNanos() > other.retryAfterNanos();
	}

	private static double share(Decision decision) {
		return (double) decision.remaining() / decision.limit().capacity();
	}

}
