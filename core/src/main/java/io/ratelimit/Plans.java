package io.ratelimit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limiters of the plans that keys have, as a {@link LimitResolver} tells. Safe for
 * use by many threads.
 */
final class Plans {

	private static final Logger logger = LoggerFactory.getLogger(RateLimiterRegistry.class);

	private final LimitResolver resolver;

	private final BiFunction<Policy, Policy, RegisteredLimiter> registration;

	private final Map<String, RegisteredLimiter> limiters = new ConcurrentHashMap<>();

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Makes plans.
	 * @param registration registers the policy of a plan beside the one that it belongs
	 * to, and throws {@link IllegalArgumentException} if it cannot be counted
	 */
	Plans(LimitResolver resolver, BiFunction<Policy, Policy, RegisteredLimiter> registration) {
		this.resolver = resolver;
		this.registration = registration;
	}

	/**
	 * Returns the limiter of the plan that a key has.
	 * @return the limiter, or {@code null} if the policy's own limits apply
	 */
	@Nullable RegisteredLimiter limiter(Policy policy, String key) {
		Plan plan = plan(policy, key);
		if (plan == null) {
			return null;
		}
		String name = policy.name() + "." + plan.name();
		RegisteredLimiter known = this.limiters.get(name);
		if (known != null && known.isOf(plan, policy)) {
			return known;
		}
		return bind(name, plan, policy);
	}

	private @Nullable RegisteredLimiter bind(String name, Plan plan, Policy policy) {
		try {
			Policy planned = new Policy(name, plan.limits(), policy.mode(), policy.failureMode());
			RegisteredLimiter limiter = this.registration.apply(planned, policy);
			this.limiters.put(name, limiter);
			return limiter;
		}
		catch (IllegalArgumentException ex) {
			warn(policy.name(), ex);
			return null;
		}
	}

	private @Nullable Plan plan(Policy policy, String key) {
		try {
			return this.resolver.plan(policy.name(), key);
		}
		catch (RuntimeException ex) {
			warn(policy.name(), ex);
			return null;
		}
	}

	private void warn(String policy, RuntimeException failure) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("No plan could be told for a key of policy '{}', whose own limits apply; further failures "
					+ "are not logged", policy, failure);
		}
	}

}
