package io.ratelimit.spring.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.spring.policy.RateLimitProperties.PolicyProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The policies of the configuration, made from what is written there and checked.
 */
final class ConfiguredPolicies {

	private final RateLimitProperties properties;

	private final Map<String, Policy> policies = new LinkedHashMap<>();

	ConfiguredPolicies(RateLimitProperties properties) {
		this.properties = properties;
		properties.policies().keySet().forEach((name) -> this.policies.put(name, policy(name)));
	}

	/**
	 * Returns whether anything is limited.
	 */
	boolean enabled() {
		return this.properties.enabled();
	}

	/**
	 * Returns whether the defaults have limits or paths, which limit nothing where there
	 * is no policy.
	 */
	boolean hasUnusedDefaults() {
		return this.properties.defaults().limits() != null || this.properties.defaults().paths() != null;
	}

	Map<String, Policy> policies() {
		return this.policies;
	}

	/**
	 * Returns a policy that is written in place, with what applies to all policies.
	 */
	Policy inPlace(String name, List<Limit> limits) {
		PolicyProperties defaults = this.properties.defaults();
		return Policy.of(name, limits)
			.withMode(Objects.requireNonNullElse(defaults.mode(), Mode.ENFORCE))
			.withFailureMode(Objects.requireNonNullElse(defaults.failureMode(), this.properties.failureMode()));
	}

	/**
	 * Returns which requests a policy guards.
	 * @param name name of the policy; one that is not configured guards none
	 */
	Guard guard(String name) {
		PolicyProperties policy = effective(name);
		Guard guard = Guard.of();
		return guard.withPaths(patterns(policy.paths()))
			.withExcept(patterns(policy.except()))
			.withMethods(Objects.requireNonNullElse(policy.methods(), guard.methods()))
			.withKey(Objects.requireNonNullElse(policy.key(), guard.key()))
			.withMissingKey(Objects.requireNonNullElse(policy.missingKey(), guard.missingKey()))
			.withCost(Objects.requireNonNullElse(policy.cost(), guard.cost()));
	}

	/**
	 * Returns path patterns, with those put together again that were divided at a comma
	 * within braces, as in {@code /{id:[0-9]{1,9}}}.
	 */
	private static List<String> patterns(@Nullable List<String> parts) {
		List<String> patterns = new ArrayList<>();
		String open = "";
		for (String part : Objects.requireNonNullElse(parts, List.<String>of())) {
			String pattern = open + part;
			boolean divided = StringUtils.countOccurrencesOf(pattern, "{") > StringUtils.countOccurrencesOf(pattern,
					"}");
			open = divided ? pattern + "," : "";
			if (!divided) {
				patterns.add(pattern);
			}
		}
		if (!open.isEmpty()) {
			patterns.add(open.substring(0, open.length() - 1));
		}
		return patterns;
	}

	private PolicyProperties effective(String name) {
		PolicyProperties defaults = this.properties.defaults();
		PolicyProperties policy = this.properties.policies().get(name);
		return (policy != null) ? policy.orElse(defaults) : defaults;
	}

	private Policy policy(String name) {
		PolicyProperties policy = effective(name);
		PolicyProperties own = Objects.requireNonNull(this.properties.policies().get(name));
		if (own.cost() != null && (policy.paths() == null || policy.paths().isEmpty())) {
			throw InvalidRateLimitException.ofPolicy(name, "cost",
					"a cost is what a request takes, and the policy has no paths",
					"Add paths, or write on the annotation what a call takes: @RateLimited(policy = \"%s\", cost = \"%s\")."
						.formatted(name, own.cost()));
		}
		List<Limit> limits = limits(name, policy.limits());
		try {
			return inPlace(name, limits).withMode(Objects.requireNonNullElse(policy.mode(), Mode.ENFORCE))
				.withFailureMode(Objects.requireNonNullElse(policy.failureMode(), this.properties.failureMode()));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException("ratelimit.policies." + name, String.valueOf(ex.getMessage()),
					"Rename the policy, or name its limits.");
		}
	}

	private static List<Limit> limits(String name, @Nullable List<LimitProperties> properties) {
		if (properties == null || properties.isEmpty()) {
			throw InvalidRateLimitException.ofPolicy(name, "limits", "policy '%s' has no limits".formatted(name),
					"Add them, for example 'limits: 100/1m', or remove the policy.");
		}
		List<Limit> limits = new ArrayList<>();
		for (int i = 0; i < properties.size(); i++) {
			String property = InvalidRateLimitException.property(name, "limits[" + i + "]");
			try {
				limits.add(properties.get(i).limit(property));
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidRateLimitException(property, String.valueOf(ex.getMessage()), "Correct the limit.");
			}
		}
		return limits;
	}

}
