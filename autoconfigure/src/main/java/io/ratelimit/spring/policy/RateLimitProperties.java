package io.ratelimit.spring.policy;

import java.util.List;
import java.util.Map;

import io.ratelimit.FailureMode;
import io.ratelimit.Mode;
import io.ratelimit.spring.policy.Guard.MissingKey;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Policies as they stand in configuration, and what applies to all of them.
 *
 * @param enabled Whether anything is limited.
 * @param failureMode What becomes of a request when the store cannot answer, unless its
 * policy says otherwise.
 * @param defaults What applies to every policy that does not say otherwise.
 * @param policies Policies by name. A policy can be just its limits.
 */
@ConfigurationProperties("ratelimit")
record RateLimitProperties(@DefaultValue("true") boolean enabled, @DefaultValue("allow") FailureMode failureMode,
		@DefaultValue PolicyProperties defaults, @DefaultValue Map<String, PolicyProperties> policies) {

	/**
	 * A policy.
	 *
	 * @param limits Limits that must all allow, each as permits per window.
	 * @param paths Path patterns of the requests to limit. Without any, only annotations
	 * use the policy.
	 * @param except Path patterns of requests that are exempt.
	 * @param methods HTTP methods of the requests to limit; GET includes HEAD. Without
	 * any, all but CORS preflight requests.
	 * @param key Who is being counted.
	 * @param missingKey What becomes of a request that does not have the key.
	 * @param cost Permits that a request takes: a number, or an expression over the
	 * request.
	 * @param mode What becomes of the policy's decisions.
	 * @param failureMode What becomes of a request when the store cannot answer.
	 */
	record PolicyProperties(@Nullable List<LimitProperties> limits, @Nullable List<String> paths,
			@Nullable List<String> except, @Nullable List<String> methods, @Nullable String key,
			@Nullable MissingKey missingKey, @Nullable String cost, @Nullable Mode mode,
			@Nullable FailureMode failureMode) {

		PolicyProperties orElse(PolicyProperties other) {
			return new PolicyProperties(first(this.limits, other.limits), first(this.paths, other.paths),
					first(this.except, other.except), first(this.methods, other.methods), first(this.key, other.key),
					first(this.missingKey, other.missingKey), first(this.cost, other.cost),
					first(this.mode, other.mode), first(this.failureMode, other.failureMode));
		}

		private static <T> @Nullable T first(@Nullable T value, @Nullable T other) {
			return (value != null) ? value : other;
		}

	}

}
