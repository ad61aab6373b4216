package io.ratelimit.spring.autoconfigure;

import java.util.function.Consumer;
import java.util.function.Function;

import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.spring.method.RateLimitedAdvisor;
import io.ratelimit.spring.policy.InvalidRateLimitException;

/**
 * The methods that are limited by annotations, none of which may be left without enough
 * permits for a single call. Limits that are stated in place are read again, as they may
 * have placeholders.
 */
final class AnnotatedMethods implements PolicyFollower {

	private final RateLimitedAdvisor advisor;

	AnnotatedMethods(RateLimitedAdvisor advisor) {
		this.advisor = advisor;
	}

	@Override
	public Consumer<Function<String, Limiter>> prepare(PolicySet policies) {
		policies.policies().values().forEach(this::requireRoom);
		Runnable changes = this.advisor.readInPlace(policies.configured()::inPlace);
		return (limiters) -> changes.run();
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
