package io.ratelimit.spring.actuate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import org.jspecify.annotations.Nullable;

/**
 * Changes policies while they are in use: as a whole, or not at all.
 */
final class PolicyChanges {

	private static final Map<String, Mode> MODES = Arrays.stream(Mode.values())
		.collect(Collectors.toUnmodifiableMap(PolicyChanges::id, Function.identity()));

	private static final int MOST_LIMITS = 20;

	private final RateLimits registry;

	private final Function<String, PolicyUse> uses;

	private final boolean enabled;

	PolicyChanges(RateLimits registry, Function<String, PolicyUse> uses, boolean enabled) {
		this.registry = registry;
		this.uses = uses;
		this.enabled = enabled;
	}

	static String id(Mode mode) {
		return mode.name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Changes a policy at once.
	 * @param name the policy's name
	 * @param limits its new limits; {@code null} to keep them
	 * @param mode its new mode; {@code null} to keep it
	 * @return the policy before and after
	 * @throws IllegalArgumentException if that cannot be; the policy is what it was
	 */
	synchronized Change apply(String name, @Nullable String limits, @Nullable String mode) {
		require(limits != null || mode != null, "nothing to change: give limits, such as 100/1m, or a mode, or both");
		require(this.enabled, "nothing can be changed, since ratelimit.enabled is false");
		Policy former = this.registry.limiter(name).policy();
		Policy policy = former;
		if (limits != null) {
			policy = policy.withLimits(parsed(limits));
			requireRoom(policy);
			requireDistinctNames(policy);
		}
		if (mode != null) {
			policy = policy.withMode(mode(mode));
		}
		return new Change(former, this.registry.register(policy).policy());
	}

	/**
	 * Returns what a change can change of a policy, for the log.
	 */
	static String described(Policy policy) {
		return "%s, mode %s".formatted(policy.limits(), id(policy.mode()));
	}

	private static List<Limit> parsed(String limits) {
		long number = limits.chars().filter((character) -> character == ',').count() + 1;
		require(number <= MOST_LIMITS, "%d limits: at most %d are possible in a change", number, MOST_LIMITS);
		return Limit.valuesOf(limits);
	}

	private static Mode mode(String text) {
		Mode mode = MODES.get(text.strip().toLowerCase(Locale.ROOT));
		if (mode == null) {
			throw new IllegalArgumentException("'%s' is not a mode: enforce, shadow and off are".formatted(text));
		}
		return mode;
	}

	/**
	 * What takes more than the limits allow at once would be refused for good.
	 */
	private void requireRoom(Policy policy) {
		long permits = this.uses.apply(policy.name()).permits();
		require(permits <= policy.capacity(), "%s can never be enough: policy '%s' is used for what takes %d permits",
				limits(policy), policy.name(), permits);
	}

	/**
	 * Two limits of one name could not be told apart in header fields.
	 */
	private void requireDistinctNames(Policy policy) {
		List<String> names = policy.limits().stream().map(policy::nameOf).toList();
		this.registry.policies()
			.values()
			.stream()
			.filter((other) -> !other.name().equals(policy.name()))
			.forEach((other) -> other.limits()
				.stream()
				.map(other::nameOf)
				.forEach((name) -> require(!names.contains(name),
						"limits of policies '%s' and '%s' would both be called '%s' in header fields: give one a name",
						policy.name(), other.name(), name)));
	}

	private static String limits(Policy policy) {
		return policy.limits().stream().map(Limit::toString).collect(Collectors.joining(", "));
	}

	private static void require(boolean condition, String message, Object... arguments) {
		if (!condition) {
			throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
		}
	}

	/**
	 * A change that was made.
	 */
	record Change(Policy former, Policy policy) {

	}

}
