package io.ratelimit.spring.policy;

import java.util.List;

import io.ratelimit.Mode;
import io.ratelimit.RateLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Logs, once the application is there, what each policy limits, and which limit nothing.
 */
final class PolicyNotes implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(PolicyNotes.class);

	private final RateLimits limits;

	private final PolicySet policies;

	private final LivePolicies live;

	PolicyNotes(RateLimits limits, PolicySet policies, LivePolicies live) {
		this.limits = limits;
		this.policies = policies;
		this.live = live;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.policies.configured().enabled() && logger.isInfoEnabled()) {
			new StartLines(this.live).of(this.limits.policies().values(), this.policies.policies().keySet())
				.forEach((line) -> logger.info("Limiting by {}", line));
		}
		warnOfUnused();
	}

	private void warnOfUnused() {
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
