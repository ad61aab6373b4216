package io.ratelimit.spring.policy;

import java.util.List;

import io.ratelimit.Mode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Logs, once the application is there, which policies limit nothing.
 */
final class UnusedPolicies implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(UnusedPolicies.class);

	private final PolicySet policies;

	private final LivePolicies live;

	UnusedPolicies(PolicySet policies, LivePolicies live) {
		this.policies = policies;
		this.live = live;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<String> unused = this.policies.policies()
			.values()
			.stream()
			.filter((policy) -> policy.mode() != Mode.OFF)
			.map((policy) -> policy.name())
			.filter(this::isUnused)
			.toList();
		if (!unused.isEmpty()) {
			logger.warn("Policies {} have no paths, and no annotated method names them: they limit nothing, unless the "
					+ "application uses RateLimits", unused);
		}
	}

	private boolean isUnused(String policy) {
		Guard guard = this.policies.guards().get(policy);
		return (guard == null || guard.paths().isEmpty()) && this.live.calls(policy).isEmpty();
	}

}
