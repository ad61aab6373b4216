package io.ratelimit;

import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A name and the limits that must all allow. Immutable.
 */
public final class Policy implements Serializable {

	@Serial
	private static final long serialVersionUID = 1L;

	private static final int MAX_NAME = 64;

	private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]+");

	private final String name;

	@SuppressWarnings("serial") // an unmodifiable list of the JDK, which can be
								// serialized
	private final List<Limit> limits;

	private final Mode mode;

	private final FailureMode failureMode;

	private Policy(String name, List<Limit> limits, Mode mode, FailureMode failureMode) {
		requireName("policy", name);
		this.name = name;
		this.limits = requireLimits("policy", name, limits);
		this.mode = Objects.requireNonNull(mode, "mode");
		this.failureMode = Objects.requireNonNull(failureMode, "failureMode");
		if (limits.isEmpty()) {
			throw new IllegalArgumentException(
					"policy '%s' has no limits: give it at least one, such as 100/1m".formatted(name));
		}
		Set<String> names = new HashSet<>();
		for (Limit limit : this.limits) {
			String limitName = nameOf(limit);
			requireName("limit", limitName);
			if (!names.add(limitName)) {
				throw new IllegalArgumentException(
						"two limits of policy '%s' are both called '%s': give one of them a name of its own"
							.formatted(name, limitName));
			}
		}
	}

	/**
	 * Returns an enforced policy that allows claims while the store cannot answer.
	 * @param name the name, which is also written to header fields: 1 to 64 letters,
	 * digits, dots, underscores and hyphens of ASCII
	 * @param limits the limits, at least one, no two of the same name
	 * @return the policy
	 */
	public static Policy of(String name, List<Limit> limits) {
		return new Policy(name, limits, Mode.ENFORCE, FailureMode.ALLOW);
	}

	/**
	 * Returns an enforced policy that allows claims while the store cannot answer.
	 * @param name the name
	 * @param limits the limits
	 * @return the policy
	 */
	public static Policy of(String name, Limit... limits) {
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

	/**
	 * Returns how the policy's decisions apply.
	 * @return the mode
	 */
	public Mode mode() {
		return this.mode;
	}

	/**
	 * Returns how claims are decided while the store cannot answer.
	 * @return the failure mode
	 */
	public FailureMode failureMode() {
		return this.failureMode;
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
	 * Returns the name of one of this policy's limits in header fields: its own, or else
	 * the policy's where there is but one limit, or else both joined as in
	 * {@code api-1s}.
	 * @param limit one of {@link #limits()}
	 * @return the name
	 */
	public String nameOf(Limit limit) {
		String own = limit.name();
		if (own != null) {
			return own;
		}
		return (this.limits.size() == 1) ? this.name : this.name + "-" + limit.windowText();
	}

	/**
	 * Returns the most permits that a single claim can ever take.
	 * @return the least {@link Limit#capacity()} of the limits
	 */
	public long capacity() {
		return this.limits.stream().mapToLong(Limit::capacity).min().orElseThrow();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Policy policy && this.name.equals(policy.name) && this.limits.equals(policy.limits)
				&& this.mode == policy.mode && this.failureMode == policy.failureMode;
	}

	@Override
	public int hashCode() {
		return this.name.hashCode();
	}

	@Override
	public String toString() {
		return "%s: %s, %s, %s".formatted(this.name, this.limits, this.mode, this.failureMode);
	}

	/**
	 * Returns a copy of the limits of a policy or a plan.
	 */
	static List<Limit> requireLimits(String what, String name, List<Limit> limits) {
		Objects.requireNonNull(limits, () -> "the limits of %s '%s' are null".formatted(what, name));
		for (Limit limit : limits) {
			Objects.requireNonNull(limit, () -> "a limit of %s '%s' is null".formatted(what, name));
		}
		return List.copyOf(limits);
	}

	static void requireName(String what, String name) {
		Objects.requireNonNull(name, () -> "the name of a %s is null".formatted(what));
		if (name.length() > MAX_NAME) {
			throw new IllegalArgumentException(
					"'%s' cannot be the name of a %s: it has %s characters, and at most %s are possible".formatted(name,
							what, name.length(), MAX_NAME));
		}
		if (!NAME.matcher(name).matches()) {
			throw new IllegalArgumentException(
					"'%s' cannot be the name of a %s: it is sent as a header, so use letters and digits of ASCII, dots, underscores and hyphens; '.' and '..' would be lost in a path"
						.formatted(name, what));
		}
	}

}
