package io.ratelimit.spring.call;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.ratelimit.spring.policy.LivePolicies;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application without servlets: no call is made on behalf of a request.
 */
final class PlainCallContext implements CallContext {

	private static final Logger logger = LoggerFactory.getLogger(PlainCallContext.class);

	private static final String GLOBAL = "global";

	private final LivePolicies policies;

	PlainCallContext(LivePolicies policies) {
		this.policies = policies;
	}

	@Override
	public Supplier<@Nullable String> key(String policy, @Nullable String key) {
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
	public Supplier<@Nullable String> keyWhenMissing(String policy) {
		return () -> GLOBAL;
	}

}
