package io.ratelimit;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A name and the limits that must all allow.
 *
 * @param name the name, which is also written to headers: 1 to 64 letters, digits, dots,
 * underscores and hyphens of ASCII
 * @param limits the limits, at least one, no two of the same name
 * @param mode what becomes of the policy's decisions
 * @param failureMode what becomes of a claim when the store cannot answer
 */
public record Policy(String name, List<Limit> limits, Mode mode, FailureMode failureMode) implements Serializable {

	private static final int MAX_NAME = 64;

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

	public Policy {
		requireName("policy", name);
		limits = List.copyOf(limits);
		Objects.requireNonNull(mode, "mode");
		Objects.requireNonNull(failureMode, "failureMode");
		if (limits.isEmpty()) {
			throw new IllegalArgumentException(
					"policy '%s' has no limits: give it at least one, such as 100/1m".formatted(name));
		}
		Set<String> names = new HashSet<>();
		for (Limit limit : limits) {
			String limitName = nameOf(name, limits, limit);
			requireName("limit", limitName);
			if (!names.add(limitName)) {
				throw new IllegalArgumentException(
						"two limits of policy '%s' are both called '%s': give one of them a name of its own"
							.formatted(name, limitName));
			}
		}
	}

	/**
	 * Makes an enforced policy that lets through when the store cannot answer.
	 * @param name the name
	 * @param limits the limits
	 */
	public Policy(String name, List<Limit> limits) {
		this(name, limits, Mode.ENFORCE, FailureMode.ALLOW);
	}

	/**
	 * Makes an enforced policy that lets through when the store cannot answer.
	 * @param name the name
	 * @param limits the limits
	 * @return the policy
	 */
	public static Policy of(String name, Limit... limits) {
		return new Policy(name, List.of(limits));
	}

	/**
	 * Returns this policy with other limits.
	 * @param limits the limits
	 * @return a new policy
	 */
	public Policy withLimits(List<Limit> limits) {
		return new Policy(this.name, limits, this.mode, this.failureMode);
	}

	/**
	 * Returns this policy in another mode.
	 * @param mode the mode
	 * @return a new policy
	 */
	public Policy withMode(Mode mode) {
		return new Policy(this.name, this.limits, mode, this.failureMode);
	}

	/**
	 * Returns this policy with another failure mode.
	 * @param failureMode the failure mode
	 * @return a new policy
	 */
	public Policy withFailureMode(FailureMode failureMode) {
		return new Policy(this.name, this.limits, this.mode, failureMode);
	}

	/**
	 * Returns the name of one of this policy's limits in headers: its own, or else the
	 * policy's where there is but one limit, or else both joined as in {@code api-1s}.
	 * @param limit one of {@link #limits()}
	 * @return the name
	 */
	public String nameOf(Limit limit) {
		return nameOf(this.name, this.limits, limit);
	}

	/**
	 * Returns the most permits that a single claim can ever take.
	 * @return the least {@link Limit#capacity()} of the limits
	 */
	public long capacity() {
		return this.limits.stream().mapToLong(Limit::capacity).min().orElseThrow();
	}

	private static String nameOf(String policy, List<Limit> limits, Limit limit) {
		String name = limit.name();
		if (name != null) {
			return name;
		}
		return (limits.size() == 1) ? policy : policy + "-" + limit.windowText();
	}

	static void requireName(String what, String name) {
		if (name.length() > MAX_NAME) {
			throw new IllegalArgumentException(
					"'%s' cannot be the name of a %s: it has %s characters, and at most %s are possible".formatted(name,
							what, name.length(), MAX_NAME));
		}
		if (!NAME.matcher(name).matches()) {
			throw new IllegalArgumentException(
					"'%s' cannot be the name of a %s: it is sent as a header, so use letters and digits of ASCII, dots, underscores and hyphens"
						.formatted(name, what));
		}
	}

}
