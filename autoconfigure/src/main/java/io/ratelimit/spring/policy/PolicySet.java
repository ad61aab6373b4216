package io.ratelimit.spring.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import io.ratelimit.Policy;

/**
 * All policies of an application, those of its configuration first, and what each of them
 * guards.
 *
 * @param policies the policies by name
 * @param guards what they guard, by the policy's name
 * @param configured the configuration, which knows what applies to others too
 */
record PolicySet(Map<String, Policy> policies, Map<String, Guard> guards, ConfiguredPolicies configured) {

	/**
	 * Puts together what is configured and what sources add.
	 * @throws InvalidRateLimitException if they do not go together, or a source fails
	 */
	static PolicySet of(ConfiguredPolicies configured, List<PolicySource> sources) {
		Map<String, Policy> policies = new LinkedHashMap<>(configured.policies());
		Map<String, Guard> guards = new LinkedHashMap<>();
		configured.policies().keySet().forEach((name) -> guards.put(name, configured.guard(name)));
		requireDistinctNames(policies);
		for (PolicySource source : sources) {
			for (Policy policy : asked(source, () -> List.copyOf(source.policies()))) {
				if (policies.putIfAbsent(policy.name(), policy) != null) {
					throw InvalidRateLimitException.ofPolicy(policy.name(), "limits",
							"%s has a policy '%s', and there is one already".formatted(source.getClass().getName(),
									policy.name()),
							"Rename one of them.");
				}
				guards.put(policy.name(), asked(source, () -> Objects.requireNonNullElseGet(source.guard(policy.name()),
						() -> configured.guard(policy.name()))));
			}
		}
		requireDistinctNames(policies);
		return new PolicySet(policies, guards, configured);
	}

	/**
	 * Returns which requests a policy guards; what the defaults say, if it is not one of
	 * these.
	 */
	Guard guard(String policy) {
		Guard guard = this.guards.get(policy);
		return (guard != null) ? guard : this.configured.guard(policy);
	}

	private static void requireDistinctNames(Map<String, Policy> policies) {
		SharedName shared = SharedName.find(policies.values());
		if (shared != null) {
			throw new InvalidRateLimitException("ratelimit.policies." + shared.other(),
					"limits of policies '%s' and '%s' are both called '%s' in header fields".formatted(shared.one(),
							shared.other(), shared.name()),
					"Rename one of the policies, or give one of the limits a name of its own.");
		}
	}

	private static <T> T asked(PolicySource source, Supplier<T> question) {
		try {
			return question.get();
		}
		catch (RuntimeException ex) {
			throw InvalidRateLimitException.ofBean(source, "this source of policies fails: " + ex,
					"Let it return a list without null, an empty one if there are no policies yet.", ex);
		}
	}

}
