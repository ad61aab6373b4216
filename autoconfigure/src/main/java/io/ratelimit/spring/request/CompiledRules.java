package io.ratelimit.spring.request;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.Guard.MissingKey;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.PathContainer;

/**
 * Rules for requests, as they follow from policies that are in force together. Safe for
 * use by many threads.
 */
final class CompiledRules {

	/**
	 * The rules of no policy.
	 */
	static final CompiledRules NONE = new CompiledRules(Map.of(), (policy) -> Guard.of(), List.of(),
			PathMatching.DEFAULT);

	private static final int MOST_HANDLERS = 10_000;

	private static final RequestRule[] EMPTY = {};

	private final Map<String, RequestKeyWhenMissing> keys;

	private final Function<String, Guard> guards;

	private final PathMatching matching;

	private final RequestRule[] beforeSecurity;

	private final RequestRule[] afterSecurity;

	private final Map<String, RequestRule[]> byHandler = new ConcurrentHashMap<>();

	/**
	 * Creates rules.
	 * @param keys the keys of policies by their names
	 * @param guards stands in for policies that have no rules
	 * @param matching how paths are read
	 */
	CompiledRules(Map<String, RequestKeyWhenMissing> keys, Function<String, Guard> guards, List<RequestRule> rules,
			PathMatching matching) {
		this.keys = Map.copyOf(keys);
		this.guards = guards;
		this.matching = matching;
		this.beforeSecurity = rules.stream().filter((rule) -> !rule.needsPrincipal()).toArray(RequestRule[]::new);
		this.afterSecurity = rules.stream().filter(RequestRule::needsPrincipal).toArray(RequestRule[]::new);
	}

	RequestRule[] beforeSecurity() {
		return this.beforeSecurity;
	}

	RequestRule[] afterSecurity() {
		return this.afterSecurity;
	}

	List<RequestRule> all() {
		return Stream.of(this.beforeSecurity, this.afterSecurity).flatMap(Stream::of).toList();
	}

	boolean areEmpty() {
		return this.beforeSecurity.length == 0 && this.afterSecurity.length == 0;
	}

	PathMatching matching() {
		return this.matching;
	}

	/**
	 * Returns the key of a policy, or {@code null} if it is not one of these.
	 */
	@Nullable RequestKeyWhenMissing find(String policy) {
		return this.keys.get(policy);
	}

	/**
	 * Reads a key for calls that are made on behalf of a request.
	 * @param policy name of the policy
	 * @param text the key; {@code null} for that of the policy
	 * @throws IllegalArgumentException if the key cannot be read
	 */
	RequestKeyWhenMissing key(String policy, @Nullable String text, RuleReader reader) {
		RequestKeyWhenMissing known = find(policy);
		if (text == null && known != null) {
			return known;
		}
		MissingKey missingKey = (known != null) ? known.missingKey() : this.guards.apply(policy).missingKey();
		return reader.key(policy, keyText(policy, text), missingKey);
	}

	/**
	 * Returns a key as it is written.
	 * @param text the key; {@code null} for that of the policy
	 */
	String keyText(String policy, @Nullable String text) {
		return (text != null) ? text : this.guards.apply(policy).key();
	}

	/**
	 * Returns whether any policy counts by the client's address.
	 */
	boolean useAddresses() {
		return this.keys.values().stream().anyMatch((key) -> key.key().usesAddress());
	}

	/**
	 * Returns the rules whose paths match the pattern of a handler, which is read as a
	 * path. A pattern with a wildcard says nothing of the path.
	 */
	RequestRule[] guarding(String handler) {
		RequestRule[] rules = this.byHandler.get(handler);
		if (rules == null) {
			PathContainer path = PathContainer.parsePath(handler.replaceAll("[%;]", ""));
			rules = (handler.indexOf('*') >= 0) ? EMPTY
					: all().stream().filter((rule) -> rule.couldGuard(path)).toArray(RequestRule[]::new);
			if (this.byHandler.size() < MOST_HANDLERS) {
				this.byHandler.put(handler, rules);
			}
		}
		return rules;
	}

}
