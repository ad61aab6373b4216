package io.ratelimit.spring.policy;

import java.util.stream.Collectors;

import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the policies of the start in force.
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
			if (!policies.configured().enabled()) {
				logger.info("Limiting nothing, as ratelimit.enabled is false: {}", described(limits));
			}
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
		return limits.policies().values().stream().map(StartLines::limitsOf).collect(Collectors.joining("; "));
	}

}
