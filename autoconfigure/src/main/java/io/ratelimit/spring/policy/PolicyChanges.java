package io.ratelimit.spring.policy;

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
 * Changes of single policies by operators: as a whole, or not at all. A change lasts
 * until the configuration of the policy changes.
 */
final class PolicyChanges {

	private static final Map<String, Mode> MODES = Arrays.stream(Mode.values())
		.collect(Collectors.toUnmodifiableMap(PolicyChanges::id, Function.identity()));

	private static final int MOST_LIMITS = 20;

	private static final long UNKNOWN = 1;

	private final RateLimits registry;

	private final PolicyUsers users;

	private final boolean enabled;

	PolicyChanges(RateLimits registry, PolicyUsers users, boolean enabled) {
		this.registry = registry;
		this.users = users;
		this.enabled = enabled;
	}

	/**
	 * Changes a policy at once.
	 * @param name the policy's name
	 * @param limits its new limits; {@code null} to keep them
	 * @param mode its new mode; {@code null} to keep it
	 * @param guard which requests it guards, if it is configured
	 * @return the policy after the change
	 * @throws IllegalArgumentException if that cannot be; the policy is what it was
	 */
	synchronized Policy apply(String name, @Nullable String limits, @Nullable String mode, @Nullable Guard guard) {
		require(limits != null || mode != null, "nothing to change: give limits, such as 100/1m, or a mode, or both");
		require(this.enabled, "nothing can be changed, since ratelimit.enabled is false");
		return this.registry.register(tried(name, limits, mode, guard)).policy();
	}

	/**
	 * Returns what a policy would be after a change, and changes nothing.
	 * @param name the policy's name
	 * @param limits its new limits; {@code null} to keep them
	 * @param mode its new mode; {@code null} to keep it
	 * @param guard which requests it guards, if it is configured
	 * @throws IllegalArgumentException if the policy cannot be changed so
	 */
	Policy tried(String name, @Nullable String limits, @Nullable String mode, @Nullable Guard guard) {
		Policy policy = this.registry.limiter(name).policy();
		if (limits != null) {
			policy = policy.withLimits(parsed(limits));
			this.users.requireRoom(policy, (guard != null) ? cost(guard) : 0);
			requireDistinctNames(policy);
		}
		if (mode != null) {
			policy = policy.withMode(mode(mode));
		}
		if (limits != null || mode != null) {
			this.registry.check(policy);
		}
		return policy;
	}

	private static String id(Mode mode) {
		return mode.name().toLowerCase(Locale.ROOT);
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
	 * Returns the permits that a guarded request is known to take.
	 */
	private static long cost(Guard guard) {
		String cost = guard.cost().strip();
		return guard.paths().isEmpty() ? 0 : cost.matches("\\d{1,18}") ? Long.parseLong(cost) : UNKNOWN;
	}

	private void requireDistinctNames(Policy policy) {
		for (Policy other : this.registry.policies().values()) {
			SharedName shared = other.name().equals(policy.name()) ? null : SharedName.find(List.of(policy, other));
			if (shared != null) {
				throw new IllegalArgumentException(
						"limits of policies '%s' and '%s' would both be called '%s' in header fields: give one a name"
							.formatted(shared.one(), shared.other(), shared.name()));
			}
		}
	}

	private static void require(boolean condition, String message, Object... arguments) {
		if (!condition) {
			throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
		}
	}

}
