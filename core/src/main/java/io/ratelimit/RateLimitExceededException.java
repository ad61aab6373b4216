package io.ratelimit;

import java.io.Serial;
import java.util.List;

/**
 * Thrown instead of a call that a limit refused. Has no stack trace, since a refusal is
 * no fault, and carries no key.
 */
public final class RateLimitExceededException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	@SuppressWarnings("serial") // an unmodifiable list of the JDK, which can be
								// serialized
	private final List<Decision> decisions;

	/**
	 * Creates an exception.
	 * @param decisions the decisions of the refused request, at least one of which
	 * {@linkplain Decision#refuses() refuses}
	 */
	public RateLimitExceededException(List<Decision> decisions) {
		super(message(binding(decisions)), null, false, false);
		this.decisions = List.copyOf(decisions);
	}

	/**
	 * Returns the decision that refused; with the longest wait, if several did.
	 * @return the decision
	 */
	public Decision decision() {
		return binding(this.decisions);
	}

	/**
	 * Returns every decision of the refused request.
	 * @return the decisions
	 */
	public List<Decision> decisions() {
		return this.decisions;
	}

	private static String message(Decision decision) {
		String policy = decision.policy().name();
		if (!decision.counted()) {
			return "Policy '%s' could not be asked and denies".formatted(policy);
		}
		if (decision.retryAfterNanos() == Decision.NEVER) {
			return "Policy '%s' (%s) can never grant that many permits at once".formatted(policy, decision.limit());
		}
		return "Policy '%s' (%s) is exhausted, retry after %s ms".formatted(policy, decision.limit(),
				-Math.floorDiv(-decision.retryAfterNanos(), 1_000_000L));
	}

	private static Decision binding(List<Decision> decisions) {
		Decision binding = Decision.binding(decisions);
		if (binding == null || !binding.refuses()) {
			throw new IllegalArgumentException("none of the decisions refuses: " + decisions);
		}
		return binding;
	}

}
