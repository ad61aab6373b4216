package io.ratelimit.spring.autoconfigure;

import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.request.KeyResolver;
import io.ratelimit.spring.request.KeySettings;
import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.PathMatching;
import io.ratelimit.spring.request.RequestRules;

/**
 * The rules by which policies guard requests, as they stand now.
 */
final class RuledRequests implements PolicyFollower {

	private final KeySettings settings;

	private final Expressions expressions;

	private final Function<String, KeyResolver> keyResolvers;

	private final BooleanSupplier authenticates;

	private final Predicate<LimitedRequest> preflights;

	private final RequestRules rules;

	private volatile PathMatching matching = PathMatching.DEFAULT;

	/**
	 * Creates rules for no policy.
	 * @param authenticates whether requests have a principal
	 */
	RuledRequests(KeySettings settings, Expressions expressions, Function<String, KeyResolver> keyResolvers,
			BooleanSupplier authenticates, Predicate<LimitedRequest> preflights) {
		this.preflights = preflights;
		this.settings = settings;
		this.expressions = expressions;
		this.keyResolvers = keyResolvers;
		this.authenticates = authenticates;
		this.rules = new RequestRules(settings, expressions, keyResolvers, this.matching, preflights);
	}

	/**
	 * Reads paths in another way from now on.
	 */
	void follow(PathMatching matching, PolicySet policies, Function<String, Limiter> limiters) {
		this.matching = matching;
		prepare(policies).accept(limiters);
	}

	/**
	 * Returns the rules, which are always the same object.
	 */
	RequestRules rules() {
		return this.rules;
	}

	@Override
	public Consumer<Function<String, Limiter>> prepare(PolicySet policies) {
		RequestRules next = new RequestRules(this.settings, this.expressions, this.keyResolvers, this.matching,
				this.preflights);
		policies.guards()
			.forEach((name, guard) -> add(next, Objects.requireNonNull(policies.policies().get(name)), guard));
		return (limiters) -> this.rules.replace(next, limiters);
	}

	private void add(RequestRules rules, Policy policy, Guard guard) {
		String name = policy.name();
		rules.add(policy, guard);
		if (rules.key(name, null, guard).needsAuthentication() && !this.authenticates.getAsBoolean()) {
			throw new InvalidRateLimitException(ConfiguredPolicies.property(name, "key"),
					"the key '%s' needs a principal, and nothing here authenticates anybody".formatted(guard.key()),
					"Add Spring Security; or, where a filter of your own or the container authenticates, set ratelimit.http.principal-filter-order behind that filter's order; or count by something else, such as 'key: ip'.");
		}
	}

}
