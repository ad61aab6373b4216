package io.ratelimit.spring.observe;

import io.ratelimit.Decision;
import io.ratelimit.Mode;

/**
 * What a decision came to, as operators count it.
 */
enum Outcome {

	/** Counted, and let through. */
	ALLOWED("allowed"),

	/** Counted, and refused. */
	DENIED("denied"),

	/** Counted, and let through by a policy in shadow mode that would have refused. */
	SHADOW_DENIED("shadow-denied"),

	/** Not counted, as the store could not answer: the failure mode decided. */
	NOT_COUNTED("not-counted");

	private final String id;

	Outcome(String id) {
		this.id = id;
	}

	/**
	 * Returns the outcome of a decision.
	 * @param decision the decision
	 * @return its outcome
	 */
	public static Outcome of(Decision decision) {
		if (!decision.counted()) {
			return NOT_COUNTED;
		}
		if (decision.allowed()) {
			return ALLOWED;
		}
		return (decision.policy().mode() == Mode.ENFORCE) ? DENIED : SHADOW_DENIED;
	}

	/**
	 * Returns the outcome as it stands in tags.
	 * @return its text
	 */
	public String id() {
		return this.id;
	}

}
