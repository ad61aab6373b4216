package io.ratelimit;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limiters of the plans that keys have, as a {@link LimitResolver} knows them. Safe
 * for use by many threads.
 */
final class Plans {

	private static final Logger logger = LoggerFactory.getLogger(RateLimiterRegistry.class);

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final int MOST_REFUSED = 1000;

	private final LimitResolver resolver;

	private final BiFunction<Policy, Policy, RegisteredLimiter> registration;

	/** By the name of the policy and of the plan. */
	private final Map<String, Map<String, RegisteredLimiter>> limiters = new ConcurrentHashMap<>();

	/** Plans that cannot apply, each of which is logged once. */
	private final Set<RefusedPlan> refused = ConcurrentHashMap.newKeySet();

	private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

	private final AtomicLong nextChange = new AtomicLong(System.nanoTime());

	/**
	 * Creates plans.
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
		Map<String, RegisteredLimiter> limiters = this.limiters.get(policy.name());
		RegisteredLimiter known = (limiters != null) ? limiters.get(plan.name()) : null;
		return (known != null && known.isOf(plan, policy)) ? known : bind(plan, policy);
	}

	/**
	 * Looks up the plan of a key anew when it is needed next.
	 */
	void forget(String policy, String key) {
		try {
			this.resolver.forget(policy, key);
		}
		catch (RuntimeException ex) {
			warn(policy, ex);
		}
	}

	private @Nullable RegisteredLimiter bind(Plan plan, Policy policy) {
		String name = policy.name() + "." + plan.name();
		RefusedPlan refusable = new RefusedPlan(name, plan);
		if (this.refused.contains(refusable)) {
			return null;
		}
		try {
			Policy planned = new Policy(name, plan.limits(), policy.mode(), policy.failureMode());
			noteChange(plan, policy);
			RegisteredLimiter limiter = this.registration.apply(planned, policy);
			this.limiters.computeIfAbsent(policy.name(), (key) -> new ConcurrentHashMap<>()).put(plan.name(), limiter);
			return limiter;
		}
		catch (IllegalArgumentException ex) {
			refuse(refusable, policy, String.valueOf(ex.getMessage()));
			return null;
		}
	}

	/**
	 * Logs, once a minute at the most, that a plan has other limits than before: somebody
	 * has changed it, or gives plans of several kinds one name.
	 */
	private void noteChange(Plan plan, Policy policy) {
		Map<String, RegisteredLimiter> limiters = this.limiters.get(policy.name());
		RegisteredLimiter known = (limiters != null) ? limiters.get(plan.name()) : null;
		if (known != null && !known.policy().limits().equals(plan.limits()) && isDue(this.nextChange)) {
			logger.info(
					"The plan '{}' of policy '{}' is now {}, and was {}: this applies to every key that has it, so "
							+ "give plans with different limits different names; this is logged once a minute",
					plan.name(), policy.name(), plan.limits(), known.policy().limits());
		}
	}

	private void refuse(RefusedPlan plan, Policy policy, String reason) {
		if (this.refused.size() < MOST_REFUSED && this.refused.add(plan)) {
			logger.warn(
					"The plan '{}' of policy '{}' cannot apply, and keys that have it are limited by {}, the "
							+ "policy's own limits. It is counted as policy '{}': {}",
					plan.plan().name(), policy.name(), policy.limits(), plan.name(), reason);
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
		if (isDue(this.nextWarning)) {
			logger.warn("The LimitResolver failed for a key of policy '{}', whose own limits apply; this is logged "
					+ "once a minute", policy, failure);
		}
	}

	private static boolean isDue(AtomicLong next) {
		long now = System.nanoTime();
		long due = next.get();
		return now - due >= 0 && next.compareAndSet(due, now + QUIET_NANOS);
	}

	/**
	 * A plan that cannot apply, by the name that it would be counted by.
	 */
	private record RefusedPlan(String name, Plan plan) {
	}

}
