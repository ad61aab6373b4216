package io.ratelimit.spring.autoconfigure;

import java.util.List;
import java.util.function.Function;

import io.ratelimit.spring.actuate.PolicyUse;
import io.ratelimit.spring.method.RateLimitedAdvisor;
import io.ratelimit.spring.policy.Guard;

/**
 * What policies are used for: requests, by configuration, and annotated methods.
 */
final class PolicyUses implements Function<String, PolicyUse> {

	private static final long UNKNOWN = 1;

	private final LivePolicies policies;

	private final RateLimitedAdvisor advisor;

	PolicyUses(LivePolicies policies, RateLimitedAdvisor advisor) {
		this.policies = policies;
		this.advisor = advisor;
	}

	@Override
	public PolicyUse apply(String policy) {
		List<String> calls = this.advisor.calls(policy);
		long permits = this.advisor.permits(policy);
		Guard guard = this.policies.current().guards().get(policy);
		if (guard == null) {
			return new PolicyUse(List.of(), List.of(), List.of(), null, null, calls, permits);
		}
		return new PolicyUse(guard.paths(), guard.except(), guard.methods(), guard.key(), guard.cost(), calls,
				Math.max(permits, guard.paths().isEmpty() ? 0 : constant(guard.cost())));
	}

	private static long constant(String cost) {
		return cost.strip().matches("\\d{1,18}") ? Long.parseLong(cost.strip()) : UNKNOWN;
	}

}
