package io.ratelimit.spring.autoconfigure;

import java.util.function.Function;

import io.ratelimit.Policy;
import io.ratelimit.RateLimiter;
import io.ratelimit.spring.method.RateLimitedAdvisor;

/**
 * The methods that are limited by annotations, none of which may be left without enough
 * permits for a single call.
 */
final class AnnotatedMethods implements PolicyFollower {

	private final RateLimitedAdvisor advisor;

	AnnotatedMethods(RateLimitedAdvisor advisor) {
		this.advisor = advisor;
	}

	@Override
	public Runnable prepare(PolicySet policies, Function<String, RateLimiter> limiters) {
		policies.policies().values().forEach(this::requireRoom);
		return () -> {
		};
	}

	private void requireRoom(Policy policy) {
		long permits = this.advisor.permits(policy.name());
		if (permits > policy.capacity()) {
			throw new InvalidRateLimitException(ConfiguredPolicies.property(policy.name(), "limits"),
					"%s can never be enough: a call of %s takes %s permits".formatted(policy.limits(),
							this.advisor.calls(policy.name()), permits),
					"Raise the limit, or take fewer permits.");
		}
	}

}
