package io.ratelimit.spring.autoconfigure;

import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.spring.method.CallContext;
import org.jspecify.annotations.Nullable;

/**
 * An application without servlets: calls are made on behalf of nobody in particular.
 */
final class PlainCallContext implements CallContext {

	private final ConfiguredPolicies policies;

	PlainCallContext(ConfiguredPolicies policies) {
		this.policies = policies;
	}

	@Override
	public CallKey key(String policy, @Nullable String key) {
		if (key != null && !key.strip().equals("global")) {
			throw new IllegalArgumentException(
					"the key '%s' comes from an HTTP request, and this is no servlet application: use an expression such as #id, or global"
						.formatted(key));
		}
		return () -> "global";
	}

	@Override
	public Policy policy(String name, List<Limit> limits) {
		return this.policies.inPlace(name, limits);
	}

	@Override
	public void decided(List<Decision> decisions) {
	}

}
