package io.ratelimit.spring.autoconfigure;

import java.util.function.BooleanSupplier;
import java.util.function.Function;

import io.ratelimit.RateLimiter;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.web.ClientAddress;
import io.ratelimit.spring.web.Guard;
import io.ratelimit.spring.web.InvalidGuardException;
import io.ratelimit.spring.web.KeyResolver;
import io.ratelimit.spring.web.RequestRules;

/**
 * The rules by which policies guard requests, as they stand now.
 */
final class RuledRequests implements PolicyFollower {

	private final ClientAddress clientAddress;

	private final Expressions expressions;

	private final Function<String, KeyResolver> keyResolvers;

	private final BooleanSupplier authenticates;

	private final RequestRules rules;

	/**
	 * Makes rules for no policy.
	 * @param authenticates whether anybody tells who a request is from
	 */
	RuledRequests(ClientAddress clientAddress, Expressions expressions, Function<String, KeyResolver> keyResolvers,
			BooleanSupplier authenticates) {
		this.clientAddress = clientAddress;
		this.expressions = expressions;
		this.keyResolvers = keyResolvers;
		this.authenticates = authenticates;
		this.rules = new RequestRules(clientAddress, expressions, keyResolvers);
	}

	/**
	 * Returns the rules, which are always the same object.
	 */
	RequestRules rules() {
		return this.rules;
	}

	@Override
	public Runnable prepare(PolicySet policies, Function<String, RateLimiter> limiters) {
		RequestRules next = new RequestRules(this.clientAddress, this.expressions, this.keyResolvers);
		policies.guards().forEach((name, guard) -> add(next, name, guard, limiters.apply(name)));
		return () -> this.rules.replace(next);
	}

	private void add(RequestRules rules, String name, Guard guard, RateLimiter limiter) {
		try {
			rules.add(limiter, guard);
		}
		catch (InvalidGuardException ex) {
			throw new InvalidRateLimitException(ConfiguredPolicies.property(name, ex.property()),
					String.valueOf(ex.getMessage()), "Correct the property, or remove the policy.");
		}
		if (rules.key(name, null, guard).needsAuthentication() && !this.authenticates.getAsBoolean()) {
			throw new InvalidRateLimitException(ConfiguredPolicies.property(name, "key"),
					"the key '%s' needs a principal, and nothing here authenticates anybody".formatted(guard.key()),
					"Add Spring Security, or count by something else: 'key: ip', or a KeyResolver bean of your own ('key: \"@name\"').");
		}
	}

}
