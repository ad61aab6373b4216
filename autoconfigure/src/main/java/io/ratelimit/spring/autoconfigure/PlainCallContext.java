package io.ratelimit.spring.autoconfigure;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.spring.method.CallContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application without servlets: no call is made on behalf of a request.
 */
final class PlainCallContext implements CallContext {

	private static final Logger logger = LoggerFactory.getLogger(PlainCallContext.class);

	private static final String GLOBAL = "global";

	private final ConfiguredPolicies policies;

	PlainCallContext(ConfiguredPolicies policies) {
		this.policies = policies;
	}

	@Override
	public CallKey key(String policy, @Nullable String key) {
		if (key != null && !key.strip().equals(GLOBAL)) {
			throw new IllegalArgumentException(
					"the key '%s' comes from an HTTP request, and this is no servlet application: use an expression such as #id, or global"
						.formatted(key));
		}
		if (key != null || this.policies.guard(policy).key().strip().equals(GLOBAL)) {
			return () -> GLOBAL;
		}
		AtomicBoolean warned = new AtomicBoolean();
		return () -> {
			if (warned.compareAndSet(false, true)) {
				logger
					.warn("Policy '{}' takes its key from an HTTP request, and this is no servlet application: its calls "
							+ "are all counted together. Give the annotation a key, such as #id, or global if that is meant",
							policy);
			}
			return GLOBAL;
		};
	}

	@Override
	public CallKey keyWhenMissing(String policy) {
		return () -> GLOBAL;
	}

	@Override
	public Policy policy(String name, List<Limit> limits) {
		return this.policies.inPlace(name, limits);
	}

}
