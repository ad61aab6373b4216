package io.ratelimit;

import java.util.List;

/**
 * Limits that apply to some keys of a policy. They are counted as a policy of their own,
 * called {@code policy.plan}: who changes to another plan begins anew there.
 *
 * @param name name of the plan; two plans of one name with different limits replace each
 * other
 * @param limits limits that must all allow
 */
public record Plan(String name, List<Limit> limits) {

	public Plan {
		Policy.requireName("plan", name);
		limits = List.copyOf(limits);
		if (limits.isEmpty()) {
			throw new IllegalArgumentException("plan '%s' has no limits: give it at least one".formatted(name));
		}
	}

	/**
	 * Makes a plan.
	 * @param name the name
	 * @param limits the limits
	 * @return the plan
	 */
	public static Plan of(String name, Limit... limits) {
		return new Plan(name, List.of(limits));
	}

}
