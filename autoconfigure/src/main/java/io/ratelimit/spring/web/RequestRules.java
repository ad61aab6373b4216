package io.ratelimit.spring.web;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.ratelimit.RateLimiter;
import io.ratelimit.spring.expression.Expressions;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.pattern.PathPattern;

/**
 * The policies that guard requests, compiled. Filled by one thread; safe for use by many
 * from then on, and when it is {@linkplain #replace replaced}.
 */
public final class RequestRules {

	private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
			"TRACE");

	private final ClientAddress clientAddress;

	private final Expressions expressions;

	private final KeyParser keys;

	private volatile Map<String, RequestKeyWhenMissing> keysByPolicy = new ConcurrentHashMap<>();

	private volatile RequestRule[] beforeSecurity = {};

	private volatile RequestRule[] afterSecurity = {};

	/**
	 * Makes an empty set of rules.
	 * @param clientAddress how to tell a client's address
	 * @param expressions how to read expressions
	 * @param beans finds a key resolver by the name of its bean, and throws
	 * {@link IllegalArgumentException} if there is none
	 */
	public RequestRules(ClientAddress clientAddress, Expressions expressions, Function<String, KeyResolver> beans) {
		this.clientAddress = clientAddress;
		this.expressions = expressions;
		this.keys = new KeyParser(clientAddress, expressions, beans);
	}

	/**
	 * Lets a policy guard requests.
	 * @param limiter the policy's limiter
	 * @param guard which requests, and how
	 * @throws InvalidGuardException if that cannot work
	 */
	public void add(RateLimiter limiter, Guard guard) {
		RequestKeyWhenMissing key = key(guard);
		RequestCost cost = cost(limiter, guard);
		this.keysByPolicy.put(limiter.policy().name(), key);
		if (!guard.paths().isEmpty()) {
			List<PathPattern> paths = PathPatterns.parse("paths", guard.paths());
			List<PathPattern> except = PathPatterns.parse("except", guard.except());
			if (except.containsAll(paths)) {
				throw new InvalidGuardException("except", "every path of the policy is exempt, so it guards nothing");
			}
			requireVariables(guard.key(), paths);
			RequestRule rule = new RequestRule(limiter, paths, except, methods(guard), key.key(), key.missingKey(),
					cost);
			if (rule.place() == FilterPlace.BEFORE_SECURITY) {
				this.beforeSecurity = append(this.beforeSecurity, rule);
			}
			else {
				this.afterSecurity = append(this.afterSecurity, rule);
			}
		}
		else if (!guard.except().isEmpty() || !guard.methods().isEmpty()) {
			throw new InvalidGuardException(guard.except().isEmpty() ? "methods" : "except",
					"the policy has no paths, so there is nothing to narrow down: add paths");
		}
	}

	/**
	 * Takes the rules of another object in the place of its own. Requests under way go by
	 * either.
	 * @param other filled, and not used elsewhere
	 */
	public void replace(RequestRules other) {
		this.keysByPolicy = other.keysByPolicy;
		this.beforeSecurity = other.beforeSecurity;
		this.afterSecurity = other.afterSecurity;
	}

	/**
	 * Reads a key for calls that are made on behalf of a request.
	 * @param policy name of the policy
	 * @param text the key; {@code null} for that of the policy
	 * @param guard stands in for a policy that was not added
	 * @return the key
	 * @throws InvalidGuardException if the key cannot be read
	 */
	public RequestKeyWhenMissing key(String policy, @Nullable String text, Guard guard) {
		RequestKeyWhenMissing known = this.keysByPolicy.get(policy);
		if (text == null && known != null) {
			return known;
		}
		MissingKey missingKey = (known != null) ? known.missingKey() : guard.missingKey();
		return key(new Guard(List.of(), List.of(), List.of(), (text != null) ? text : guard.key(), missingKey, "1"));
	}

	/**
	 * Returns whether any policy counts by the client's address.
	 * @return whether addresses matter
	 */
	public boolean useAddresses() {
		return this.keysByPolicy.values().stream().anyMatch((key) -> key.key().usesAddress());
	}

	RequestRule[] at(FilterPlace place) {
		return (place == FilterPlace.BEFORE_SECURITY) ? this.beforeSecurity : this.afterSecurity;
	}

	private RequestKeyWhenMissing key(Guard guard) {
		try {
			RequestKey key = this.keys.parse(guard.key());
			boolean byAddress = guard.missingKey() == MissingKey.IP && !key.certain();
			return new RequestKeyWhenMissing(byAddress ? key.or(this.keys.ip()) : key, guard.missingKey());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidGuardException("key", String.valueOf(ex.getMessage()));
		}
	}

	private RequestCost cost(RateLimiter limiter, Guard guard) {
		try {
			return RequestCost.valueOf(guard.cost(), limiter.policy().capacity(), this.expressions, this.clientAddress);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidGuardException("cost", String.valueOf(ex.getMessage()));
		}
	}

	private static Set<String> methods(Guard guard) {
		Set<String> methods = new HashSet<>();
		for (String text : guard.methods()) {
			String method = text.strip().toUpperCase(Locale.ROOT);
			if (!METHODS.contains(method)) {
				throw new InvalidGuardException("methods",
						"'%s' is not an HTTP method: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS and TRACE are"
							.formatted(text));
			}
			methods.add(method);
		}
		return methods;
	}

	private static void requireVariables(String key, List<PathPattern> paths) {
		if (key.strip().startsWith("#")) {
			return;
		}
		for (String part : key.split("[|+]", -1)) {
			String variable = part.strip().startsWith("path:") ? part.strip().substring(5).strip() : null;
			if (variable != null
					&& paths.stream().noneMatch((path) -> path.getPatternString().contains("{" + variable))) {
				throw new InvalidGuardException("key",
						"'path:%s' names a variable that no path of the policy has: write /%s/{%s}/** for instance"
							.formatted(variable, variable, variable));
			}
		}
	}

	private static RequestRule[] append(RequestRule[] rules, RequestRule rule) {
		List<RequestRule> appended = new ArrayList<>(List.of(rules));
		appended.add(rule);
		return appended.toArray(new RequestRule[0]);
	}

	/**
	 * A key, and what becomes of a request that does not have it.
	 */
	public static final class RequestKeyWhenMissing {

		private final RequestKey key;

		private final MissingKey missingKey;

		RequestKeyWhenMissing(RequestKey key, MissingKey missingKey) {
			this.key = key;
			this.missingKey = missingKey;
		}

		RequestKey key() {
			return this.key;
		}

		MissingKey missingKey() {
			return this.missingKey;
		}

		/**
		 * Returns whether a request without this key is to be refused.
		 * @return what it means when {@link #resolve} returns {@code null}
		 */
		public boolean deniesWithout() {
			return this.missingKey == MissingKey.DENY;
		}

		/**
		 * Returns whether it takes somebody who authenticates the caller for this key to
		 * be there.
		 * @return whether the key is told by the principal
		 */
		public boolean needsAuthentication() {
			return this.key.needsAuthentication();
		}

		/**
		 * Returns who is being counted.
		 * @param request the request
		 * @param variables the variables of its path
		 * @return the key, or {@code null} if the request does not say
		 */
		public @Nullable String resolve(HttpServletRequest request, Map<String, String> variables) {
			return this.key.resolve(request, variables);
		}

	}

}
