package io.ratelimit.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import io.ratelimit.Policy;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.PolicySource;

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
		for (PolicySource source : sources) {
			for (Policy policy : asked(source, () -> List.copyOf(source.policies()))) {
				if (policies.putIfAbsent(policy.name(), policy) != null) {
					throw new InvalidRateLimitException(ConfiguredPolicies.property(policy.name(), "limits"),
							"%s has a policy '%s', and there is one already".formatted(source.getClass().getName(),
									policy.name()),
							"Rename one of them.");
				}
				guards.put(policy.name(), asked(source, () -> Objects.requireNonNullElseGet(source.guard(policy.name()),
						() -> configured.guard(policy.name()))));
			}
		}
		ConfiguredPolicies.requireDistinctNames(policies);
		return new PolicySet(policies, guards, configured);
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
