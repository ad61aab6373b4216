package io.ratelimit.spring.request;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.Guard.MissingKey;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

/**
 * Reads which requests a policy guards, as it is written in configuration, and refuses
 * what cannot work.
 */
final class RuleReader {

	private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
			"TRACE");

	private final KeySettings settings;

	private final Expressions expressions;

	private final KeyParser keys;

	private final Predicate<LimitedRequest> preflights;

	/**
	 * Creates a reader.
	 * @param settings how clients are known
	 * @param expressions how to read expressions
	 * @param beans finds a key resolver by the name of its bean, and throws
	 * {@link IllegalArgumentException} if there is none
	 * @param preflights requests that are answered as CORS preflights, and not counted
	 * unless a policy names their method
	 */
	RuleReader(KeySettings settings, Expressions expressions, Function<String, KeyResolver> beans,
			Predicate<LimitedRequest> preflights) {
		this.settings = settings;
		this.expressions = expressions;
		this.keys = new KeyParser(settings, expressions, beans);
		this.preflights = preflights;
	}

	/**
	 * Reads a key.
	 * @param policy name of the policy that counts by it
	 * @throws IllegalArgumentException if it cannot be read; the message says what can
	 */
	RequestKeyWhenMissing key(String policy, String text, MissingKey missingKey) {
		RequestKey key = this.keys.parse(text, policy);
		boolean byAddress = missingKey == MissingKey.IP && !key.certain();
		return new RequestKeyWhenMissing(byAddress ? key.or(this.keys.ip()) : key, missingKey);
	}

	/**
	 * Reads the key of a policy.
	 * @throws InvalidRateLimitException if it cannot be read
	 */
	RequestKeyWhenMissing key(Policy policy, Guard guard) {
		try {
			return key(policy.name(), guard.key(), guard.missingKey());
		}
		catch (IllegalArgumentException ex) {
			throw invalid(policy, "key", String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Reads the rule of a policy.
	 * @param key the policy's own key
	 * @param matching how paths are read
	 * @return makes the rule, once there is a limiter; {@code null} if no request is
	 * guarded
	 * @throws InvalidRateLimitException if the rule cannot work
	 */
	@Nullable Function<Limiter, RequestRule> rule(Policy policy, Guard guard, RequestKeyWhenMissing key, PathMatching matching) {
		RequestCost cost = cost(policy, guard);
		if (guard.paths().isEmpty()) {
			if (!guard.except().isEmpty() || !guard.methods().isEmpty()) {
				throw invalid(policy, guard.except().isEmpty() ? "methods" : "except",
						"the policy has no paths, so there is nothing to narrow down: add paths");
			}
			return null;
		}
		List<GuardedPath> paths = PathPatterns.parse(policy, "paths", guard.paths(), matching.parser());
		List<GuardedPath> except = PathPatterns.parse(policy, "except", guard.except(), matching.parser());
		if (guard.paths().stream().allMatch((path) -> isExempt(path.strip(), guard.except()))) {
			throw invalid(policy, "except", "every path of the policy is exempt, so it guards nothing");
		}
		requireVariables(policy, guard.key(), paths);
		Set<String> methods = methods(policy, guard);
		return (limiter) -> new RequestRule(limiter, paths, except, matching, this.preflights, methods, key.key(),
				key.missingKey(), cost);
	}

	private RequestCost cost(Policy policy, Guard guard) {
		try {
			return RequestCost.valueOf(guard.cost(), policy.name(), policy.capacity(), this.expressions,
					this.settings.requestType());
		}
		catch (IllegalArgumentException ex) {
			throw invalid(policy, "cost", String.valueOf(ex.getMessage()));
		}
	}

	private static Set<String> methods(Policy policy, Guard guard) {
		Set<String> methods = new HashSet<>();
		for (String text : guard.methods()) {
			String method = text.strip().toUpperCase(Locale.ROOT);
			if (!METHODS.contains(method)) {
				throw invalid(policy, "methods",
						"'%s' is not an HTTP method: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS and TRACE are"
							.formatted(text));
			}
			methods.add(method);
		}
		return methods;
	}

	/**
	 * Returns whether a pattern is exempt as it is written: by the same pattern, or by
	 * one for all that is below a path.
	 */
	private static boolean isExempt(String path, List<String> except) {
		for (String each : except) {
			String pattern = each.strip();
			String base = pattern.endsWith("/**") ? pattern.substring(0, pattern.length() - 3) : "?";
			if (pattern.equals(path) || (path + "/").startsWith(base + "/")) {
				return true;
			}
		}
		return false;
	}

	private static void requireVariables(Policy policy, String key, List<GuardedPath> paths) {
		if (key.strip().startsWith("#")) {
			return;
		}
		for (String part : key.split("[|+]", -1)) {
			String text = part.strip();
			String variable = text.regionMatches(true, 0, "path:", 0, 5) ? text.substring(5).strip() : null;
			if (variable != null && paths.stream().noneMatch((path) -> path.hasVariable(variable))) {
				throw invalid(policy, "key",
						"'%s' names a variable that no path of the policy has: write /%s/{%s}/** for instance"
							.formatted(text, variable, variable));
			}
		}
	}

	/**
	 * Returns the exception for a property that cannot work.
	 */
	static InvalidRateLimitException invalid(Policy policy, String property, String problem) {
		return InvalidRateLimitException.ofPolicy(policy.name(), property, problem,
				"Correct the property, or remove the policy.");
	}

}
