package io.ratelimit;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Limits that apply to some keys of a policy. They are counted as a policy of their own,
 * called {@code policy.plan}: a key that gets another plan begins anew there, and so does
 * one whose plan gets other limits. Immutable.
 */
public final class Plan {

	private final String name;

	private final List<Limit> limits;

	private Plan(String name, List<Limit> limits) {
		Policy.requireName("plan", name);
		this.name = name;
		this.limits = Policy.requireLimits("plan", name, limits);
		if (limits.isEmpty()) {
			throw new IllegalArgumentException("plan '%s' has no limits: give it at least one".formatted(name));
		}
	}

	/**
	 * Returns a plan. Plans of one name with different limits are different plans.
	 * @param name the name
	 * @param limits the limits, all of which must allow
	 * @return the plan
	 */
	public static Plan of(String name, List<Limit> limits) {
		return new Plan(name, limits);
	}

	/**
	 * Returns a plan.
	 * @param name the name
	 * @param limits the limits, all of which must allow
	 * @return the plan
	 */
	public static Plan of(String name, Limit... limits) {
		return of(name, Arrays.asList(limits));
	}

	/**
	 * Returns the name.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Returns the limits, all of which must allow.
	 * @return an unmodifiable list of at least one
	 */
	public List<Limit> limits() {
		return this.limits;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Plan plan && this.name.equals(plan.name) && this.limits.equals(plan.limits);
	}

	@Override
	public int hashCode() {
		return this.name.hashCode();
	}

	@Override
	public String toString() {
		return this.name + " " + this.limits;
	}

}
