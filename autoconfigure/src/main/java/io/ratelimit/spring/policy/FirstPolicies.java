package io.ratelimit.spring.policy;

import java.util.stream.Collectors;

import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the policies of the start in force, and logs which they are.
 */
final class FirstPolicies {

	private static final Logger logger = LoggerFactory.getLogger(FirstPolicies.class);

	private FirstPolicies() {
	}

	/**
	 * Registers policies.
	 * @throws InvalidRateLimitException if one of them cannot be counted
	 */
	static void fill(RateLimits limits, PolicySet policies) {
		policies.policies().values().forEach((policy) -> register(policy, limits));
		if (!policies.policies().isEmpty()) {
			logger.info(policies.configured().enabled() ? "Limiting by {}"
					: "Limiting nothing, as ratelimit.enabled is false: {}", described(limits));
			return;
		}
		logger.info(
				"No policy is configured below ratelimit.policies: annotations limit by those that they state in place");
		if (policies.configured().hasUnusedDefaults()) {
			logger.warn("ratelimit.defaults has limits or paths, and there is no policy that they are the defaults of: "
					+ "nothing is limited by them. Write them below ratelimit.policies.api, for instance");
		}
	}

	private static void register(Policy policy, RateLimits limits) {
		try {
			limits.register(policy);
		}
		catch (IllegalArgumentException ex) {
			throw InvalidRateLimitException.ofPolicy(policy.name(), "limits", String.valueOf(ex.getMessage()),
					"Correct the limit, or count in another store.");
		}
	}

	private static String described(RateLimits limits) {
		return limits.policies()
			.values()
			.stream()
			.map((policy) -> "%s %s%s".formatted(policy.name(),
					policy.limits().stream().map(Limit::toString).collect(Collectors.joining(", ")),
					(policy.mode() == Mode.SHADOW) ? " (shadow)" : ""))
			.collect(Collectors.joining("; "));
	}

}
