package io.ratelimit.spring.request;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.Guard.MissingKey;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.PathContainer;

/**
 * The policies that guard requests, compiled. Filled by one thread; safe for use by many
 * from then on, and when it is {@linkplain #replace replaced}.
 */
public final class RequestRules {

	private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
			"TRACE");

	private static final int MOST_HANDLERS = 10_000;

	private final KeySettings settings;

	private final Expressions expressions;

	private volatile PathMatching matching;

	private final Predicate<LimitedRequest> preflights;

	private final KeyParser keys;

	private volatile Map<String, RequestKeyWhenMissing> keysByPolicy = new ConcurrentHashMap<>();

	/** Rules that wait for their limiters, by the names of their policies. */
	private final Map<String, Function<Limiter, RequestRule>> drafts = new LinkedHashMap<>();

	private volatile RequestRule[] beforeSecurity = {};

	private volatile RequestRule[] afterSecurity = {};

	private volatile Map<String, RequestRule[]> byHandler = new ConcurrentHashMap<>();

	/**
	 * Creates an empty set of rules.
	 * @param settings how clients are known
	 * @param expressions how to read expressions
	 * @param beans finds a key resolver by the name of its bean, and throws
	 * {@link IllegalArgumentException} if there is none
	 * @param matching how paths are read
	 * @param preflights requests that are answered as CORS preflights, and not counted
	 * unless a policy names their method
	 */
	public RequestRules(KeySettings settings, Expressions expressions, Function<String, KeyResolver> beans,
			PathMatching matching, Predicate<LimitedRequest> preflights) {
		this.preflights = preflights;
		this.settings = settings;
		this.expressions = expressions;
		this.matching = matching;
		this.keys = new KeyParser(settings, expressions, beans);
	}

	/**
	 * Lets a policy guard requests.
	 * @param policy the policy
	 * @param guard which requests, and how
	 * @throws InvalidRateLimitException if that cannot work
	 */
	public void add(Policy policy, Guard guard) {
		RequestKeyWhenMissing key = ownKey(policy.name(), guard);
		RequestCost cost = cost(policy, guard);
		this.keysByPolicy.put(policy.name(), key);
		if (!guard.paths().isEmpty()) {
			List<GuardedPath> paths = PathPatterns.parse(policy.name(), "paths", guard.paths(), this.matching.parser());
			List<GuardedPath> except = PathPatterns.parse(policy.name(), "except", guard.except(), this.matching.parser());
			if (guard.paths().stream().allMatch((path) -> isExempt(path.strip(), guard.except()))) {
				throw invalid(policy.name(), "except", "every path of the policy is exempt, so it guards nothing");
			}
			requireVariables(policy.name(), guard.key(), paths);
			Set<String> methods = methods(policy.name(), guard);
			this.drafts.put(policy.name(), (limiter) -> new RequestRule(limiter, paths, except, this.matching,
					this.preflights, methods, key.key(), key.missingKey(), cost));
		}
		else if (!guard.except().isEmpty() || !guard.methods().isEmpty()) {
			throw invalid(policy.name(), guard.except().isEmpty() ? "methods" : "except",
					"the policy has no paths, so there is nothing to narrow down: add paths");
		}
	}

	/**
	 * Takes what was added to another object in the place of its own rules. Requests
	 * under way go by either.
	 * @param other filled, and not used elsewhere
	 * @param limiters returns the limiter of a policy by its name
	 */
	public void replace(RequestRules other, Function<String, Limiter> limiters) {
		List<RequestRule> rules = other.drafts.entrySet()
			.stream()
			.map((draft) -> draft.getValue().apply(limiters.apply(draft.getKey())))
			.toList();
		this.keysByPolicy = other.keysByPolicy;
		this.beforeSecurity = at(FilterPlace.BEFORE_SECURITY, rules);
		this.afterSecurity = at(FilterPlace.AFTER_SECURITY, rules);
		this.matching = other.matching;
		this.byHandler = new ConcurrentHashMap<>();
	}

	/**
	 * Reads a key for calls that are made on behalf of a request.
	 * @param policy name of the policy
	 * @param text the key; {@code null} for that of the policy
	 * @param guard stands in for a policy that was not added
	 * @return the key
	 * @throws IllegalArgumentException if the key cannot be read
	 */
	public RequestKeyWhenMissing key(String policy, @Nullable String text, Guard guard) {
		RequestKeyWhenMissing known = this.keysByPolicy.get(policy);
		if (text == null && known != null) {
			return known;
		}
		MissingKey missingKey = (known != null) ? known.missingKey() : guard.missingKey();
		return key(policy,
				new Guard(List.of(), List.of(), List.of(), (text != null) ? text : guard.key(), missingKey, "1"));
	}

	/**
	 * Returns what the keys of policies are known by: another object after each change.
	 * @return an object that is to be compared by identity
	 */
	public Object generation() {
		return this.keysByPolicy;
	}

	/**
	 * Returns the key that an operator means.
	 * @param policy name of the policy
	 * @param text a value of the policy's key, or a key as it is counted
	 * @return the key
	 */
	public String typed(String policy, String text) {
		RequestKeyWhenMissing key = this.keysByPolicy.get(policy);
		return (key != null) ? key.key().typed(text) : text;
	}

	/**
	 * Returns the rules that apply at a place.
	 * @param place the place
	 * @return the rules, which must not be changed
	 */
	public RequestRule[] at(FilterPlace place) {
		return (place == FilterPlace.BEFORE_SECURITY) ? this.beforeSecurity : this.afterSecurity;
	}

	/**
	 * Returns how paths are read.
	 * @return what is in force now
	 */
	public PathMatching matching() {
		return this.matching;
	}

	/**
	 * Returns whether any policy counts by the client's address.
	 */
	boolean useAddresses() {
		return this.keysByPolicy.values().stream().anyMatch((key) -> key.key().usesAddress());
	}

	/**
	 * Returns whether no policy guards any request.
	 * @return whether there are no rules
	 */
	public boolean areEmpty() {
		return this.beforeSecurity.length == 0 && this.afterSecurity.length == 0;
	}

	/**
	 * Returns the rules of all places.
	 * @return the rules
	 */
	public List<RequestRule> all() {
		return Stream.of(this.beforeSecurity, this.afterSecurity).flatMap(Stream::of).toList();
	}

	/**
	 * Returns the rules whose paths match the pattern of a handler, which is read as a
	 * path. A pattern with a wildcard says nothing of the path.
	 * @param handler the pattern that a handler is mapped to
	 * @return the rules, which must not be changed
	 */
	public RequestRule[] guarding(String handler) {
		Map<String, RequestRule[]> known = this.byHandler;
		RequestRule[] rules = known.get(handler);
		if (rules == null) {
			PathContainer path = PathContainer.parsePath(handler.replaceAll("[%;]", ""));
			rules = (handler.indexOf('*') >= 0) ? new RequestRule[0]
					: all().stream().filter((rule) -> rule.couldGuard(path)).toArray(RequestRule[]::new);
			if (known.size() < MOST_HANDLERS) {
				known.put(handler, rules);
			}
		}
		return rules;
	}

	private RequestKeyWhenMissing key(String policy, Guard guard) {
		RequestKey key = this.keys.parse(guard.key(), policy);
		boolean byAddress = guard.missingKey() == MissingKey.IP && !key.certain();
		return new RequestKeyWhenMissing(byAddress ? key.or(this.keys.ip()) : key, guard.missingKey());
	}

	private RequestKeyWhenMissing ownKey(String policy, Guard guard) {
		try {
			return key(policy, guard);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(policy, "key", String.valueOf(ex.getMessage()));
		}
	}

	private RequestCost cost(Policy policy, Guard guard) {
		try {
			return RequestCost.valueOf(guard.cost(), policy.name(), policy.capacity(), this.expressions,
					this.settings.requestType());
		}
		catch (IllegalArgumentException ex) {
			throw invalid(policy.name(), "cost", String.valueOf(ex.getMessage()));
		}
	}

	private static Set<String> methods(String policy, Guard guard) {
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

	private static void requireVariables(String policy, String key, List<GuardedPath> paths) {
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

	static InvalidRateLimitException invalid(String policy, String property, String problem) {
		return InvalidRateLimitException.ofPolicy(policy, property, problem,
				"Correct the property, or remove the policy.");
	}

	private static RequestRule[] at(FilterPlace place, List<RequestRule> rules) {
		return rules.stream().filter((rule) -> rule.place() == place).toArray(RequestRule[]::new);
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
		 * Returns whether there is such a key only where users are authenticated.
		 * @return whether the key comes from the principal
		 */
		public boolean needsAuthentication() {
			return this.key.needsAuthentication();
		}

		/**
		 * Returns the key that permits are counted under.
		 * @param request the request
		 * @param variables the variables of its path
		 * @return the key, or {@code null} if the request has none
		 */
		public @Nullable String resolve(LimitedRequest request, Map<String, String> variables) {
			return this.key.resolve(request, variables);
		}

		/**
		 * Returns the key of a call outside of any request.
		 * @return the key, or {@code null} if it takes a request to tell
		 */
		public @Nullable String resolveWithoutRequest() {
			return this.key.resolve(NoRequest.INSTANCE, Map.of());
		}

	}

}
