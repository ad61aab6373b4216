package io.ratelimit.spring.policy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import io.ratelimit.FailureMode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.policy.RateLimitProperties.PolicyProperties;

/**
 * Policies for tests of other packages.
 */
public final class GivenPolicies {

	private GivenPolicies() {
	}

	/**
	 * Returns policies of which none is configured.
	 */
	public static LivePolicies none(RateLimits limits) {
		ConfiguredPolicies configured = new ConfiguredPolicies(new RateLimitProperties(true, FailureMode.ALLOW,
				new PolicyProperties(null, null, null, null, null, null, null, null, null), Map.of()));
		return new LivePolicies(limits, PolicySet.of(configured, List.of()), () -> configured, List.of(),
				new PolicyUsers(Stream::of), (applied) -> {
				});
	}

	/**
	 * Returns the policies that properties have.
	 */
	public static List<Policy> policies(Map<Class<?>, Object> properties) {
		return List.copyOf(read(properties).policies().values());
	}

	/**
	 * Returns what policies guard that properties have.
	 */
	public static Function<String, Guard> guards(Map<Class<?>, Object> properties) {
		return read(properties)::guard;
	}

	private static ConfiguredPolicies read(Map<Class<?>, Object> properties) {
		return new ConfiguredPolicies((RateLimitProperties) properties.get(RateLimitProperties.class));
	}

}
