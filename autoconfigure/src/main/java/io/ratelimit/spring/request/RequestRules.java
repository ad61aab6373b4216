package io.ratelimit.spring.request;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.PolicyUser;
import org.jspecify.annotations.Nullable;

/**
 * The policies that guard requests, as they stand now. Safe for use by many threads;
 * requests under way when policies change go by either.
 */
public final class RequestRules implements PolicyUser {

	private final RuleReader reader;

	private final RequestServer server;

	private final RateLimits limits;

	private volatile PathMatching matching = PathMatching.DEFAULT;

	private volatile CompiledRules compiled = CompiledRules.NONE;

	/**
	 * Creates rules for no policy.
	 * @param reader reads rules
	 * @param server where requests come to
	 * @param limits the limiters of the policies
	 */
	RequestRules(RuleReader reader, RequestServer server, RateLimits limits) {
		this.reader = reader;
		this.server = server;
		this.limits = limits;
	}

	/**
	 * Reads paths in another way when policies are next prepared.
	 */
	void follow(PathMatching matching) {
		this.matching = matching;
	}

	@Override
	public Runnable prepare(Map<String, Policy> policies, Function<String, Guard> guards) {
		PathMatching matching = this.matching;
		Map<String, RequestKeyWhenMissing> keys = new HashMap<>();
		Map<String, Function<Limiter, RequestRule>> drafts = new LinkedHashMap<>();
		policies.forEach((name, policy) -> {
			Guard guard = guards.apply(name);
			RequestKeyWhenMissing key = this.reader.key(policy, guard);
			keys.put(name, key);
			Function<Limiter, RequestRule> rule = this.reader.rule(policy, guard, key, matching);
			if (rule != null) {
				drafts.put(name, rule);
			}
			requireAuthentication(policy, key, guard);
		});
		return () -> {
			List<RequestRule> rules = drafts.entrySet()
				.stream()
				.map((draft) -> draft.getValue().apply(this.limits.limiter(draft.getKey())))
				.toList();
			this.compiled = new CompiledRules(keys, guards, rules, matching);
		};
	}

	private void requireAuthentication(Policy policy, RequestKeyWhenMissing key, Guard guard) {
		if (key.key().needsAuthentication() && !this.server.authenticates()) {
			throw InvalidRateLimitException.ofPolicy(policy.name(), "key",
					"the key '%s' needs a principal, and nothing here authenticates anybody".formatted(guard.key()),
					"Add Spring Security; or, where a filter of your own or the container authenticates, set ratelimit.http.principal-filter-order behind that filter's order; or count by something else, such as 'key: ip'.");
		}
	}

	/**
	 * Returns the rules that apply before Spring Security, which answers logins and
	 * failed authentications by itself.
	 * @return the rules, which must not be changed
	 */
	public RequestRule[] beforeSecurity() {
		return this.compiled.beforeSecurity();
	}

	/**
	 * Returns the rules that apply behind Spring Security, where the principal is known.
	 * @return the rules, which must not be changed
	 */
	public RequestRule[] afterSecurity() {
		return this.compiled.afterSecurity();
	}

	/**
	 * Returns the rules of both places.
	 * @return the rules
	 */
	public List<RequestRule> all() {
		return this.compiled.all();
	}

	/**
	 * Returns the rules whose paths match the pattern of a handler, which is read as a
	 * path. A pattern with a wildcard says nothing of the path.
	 * @param handler the pattern that a handler is mapped to
	 * @return the rules, which must not be changed
	 */
	public RequestRule[] guarding(String handler) {
		return this.compiled.guarding(handler);
	}

	/**
	 * Returns the policies that can refuse a request of an operation, as descriptions of
	 * an API have it. A policy can if its paths match some of the paths of the operation,
	 * unless each of these has an operation of its own, and if not all paths of the
	 * operation are exempt.
	 * @param operation the path of the operation, with variables in braces
	 * @param method the method of HTTP
	 * @param others whether there is an operation of that method for a path
	 * @return the policies as they are now
	 */
	public List<Policy> refusing(String operation, String method, Predicate<String> others) {
		CompiledRules compiled = this.compiled;
		PathTemplate template = new PathTemplate(operation, compiled.matching().parser());
		return compiled.all()
			.stream()
			.filter((rule) -> rule.canRefuse(template, method, others))
			.map((rule) -> rule.limiter().policy())
			.toList();
	}

	/**
	 * Returns whether no policy guards any request.
	 * @return whether there are no rules
	 */
	public boolean areEmpty() {
		return this.compiled.areEmpty();
	}

	/**
	 * Returns, without parsing anything, whether a path can be that of a management
	 * endpoint on the application's own port.
	 * @param uri the path as it was sent
	 * @return whether it has to be looked at
	 */
	public boolean mayBeManagement(String uri) {
		return this.compiled.matching().mayBeManagement(uri);
	}

	/**
	 * Returns whether management endpoints have a server of their own.
	 * @return whether a request may have come to another server than the application's
	 */
	public boolean haveOtherServer() {
		return this.compiled.matching().hasOtherServer();
	}

	/**
	 * Reads a key for calls that are made on behalf of requests.
	 * @param policy name of the policy
	 * @param text the key; {@code null} for that of the policy
	 * @return returns the key of a call, for its request ({@code null} if there is none)
	 * and the variables of the request's path; {@code null} if the call is not limited
	 * @throws IllegalArgumentException if the key cannot be used
	 */
	public BiFunction<@Nullable LimitedRequest, Map<String, String>, @Nullable String> callKey(String policy,
			@Nullable String text) {
		CallKey key = new CallKey(policy, text, this, this.limits);
		if (key.needsAuthentication() && !this.server.authenticates()) {
			throw new IllegalArgumentException(
					"the key '%s' needs a principal, and nothing here authenticates anybody: add Spring Security, or use another key"
						.formatted(this.compiled.keyText(policy, text)));
		}
		return key;
	}

	/**
	 * Returns the key that an operator means.
	 * @param policy name of the policy
	 * @param text a value of the policy's key, or a key as it is counted
	 * @return the key
	 */
	public String typed(String policy, String text) {
		RequestKeyWhenMissing key = this.compiled.find(policy);
		return (key != null) ? key.key().typed(text) : text;
	}

	/**
	 * Returns a request that nobody has sent, to see which rules would apply to it.
	 * @param method its HTTP method
	 * @param path its path
	 * @return the request, which has no header fields and no parameters
	 */
	public LimitedRequest imagined(String method, String path) {
		return ImaginedRequest.of(method, path);
	}

	/**
	 * Returns where requests come to.
	 * @return the server
	 */
	public RequestServer server() {
		return this.server;
	}

	/**
	 * Returns the rules as they are now: another object after each change.
	 */
	CompiledRules compiled() {
		return this.compiled;
	}

	RuleReader reader() {
		return this.reader;
	}

}
