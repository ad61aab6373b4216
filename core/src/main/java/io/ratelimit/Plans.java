package io.ratelimit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limiters of the plans that keys have, a bounded number of them. Plans of one name
 * with different limits are different plans. Safe for use by many threads.
 */
final class Plans {

	/** Most plans of all policies that are counted at a time. */
	static final int MOST = 1000;

	private static final Logger logger = LoggerFactory.getLogger(RateLimits.class);

	private static final int MOST_REFUSED = 1000;

	private final LimitResolver resolver;

	private final LongSupplier nanoTime;

	private final Predicate<String> isPolicy;

	private final BiFunction<Policy, Limiter, Limiter> maker;

	private final BiConsumer<Limiter, Policy> rebinder;

	private final Map<PlanName, PlanLimiter> limiters = new ConcurrentHashMap<>();

	/** Plans that cannot apply, each of which is logged once. */
	private final Set<PlanName> refused = ConcurrentHashMap.newKeySet();

	private final PlanWarnings warnings;

	/**
	 * Creates plans.
	 * @param isPolicy whether there is a policy of a name
	 * @param maker binds the policy of a plan, beside the limiter that the plan belongs
	 * to
	 * @param rebinder replaces the policy of a plan
	 */
	Plans(LimitResolver resolver, LongSupplier nanoTime, Predicate<String> isPolicy,
			BiFunction<Policy, Limiter, Limiter> maker, BiConsumer<Limiter, Policy> rebinder) {
		this.resolver = resolver;
		this.nanoTime = nanoTime;
		this.isPolicy = isPolicy;
		this.maker = maker;
		this.rebinder = rebinder;
		this.warnings = new PlanWarnings(nanoTime);
	}

	/**
	 * Returns the limiter of the plan that a key has.
	 * @return the limiter, or {@code null} if the policy's own limits apply
	 */
	@Nullable Limiter limiter(Limiter owner, String key) {
		String name = owner.policy().name();
		try {
			return limiter(owner, this.resolver.plan(name, key));
		}
		catch (RuntimeException ex) {
			this.warnings.failed(name, ex);
			return null;
		}
	}

	/**
	 * Returns the stage of the limiter of the plan that a key has.
	 */
	CompletionStage<@Nullable Limiter> limiterAsync(Limiter owner, String key) {
		String name = owner.policy().name();
		try {
			return this.resolver.planAsync(name, key).handle((plan, failure) -> {
				if (failure != null) {
					this.warnings.failed(name, failure);
					return null;
				}
				return limiter(owner, plan);
			});
		}
		catch (RuntimeException ex) {
			this.warnings.failed(name, ex);
			return CompletableFuture.completedStage(null);
		}
	}

	/**
	 * Looks up the plan of a key anew when it is needed next.
	 */
	void forget(String policy, String key) {
		try {
			this.resolver.forget(policy, key);
		}
		catch (RuntimeException ex) {
			this.warnings.failed(policy, ex);
		}
	}

	/**
	 * Looks up the plans of all keys of a policy anew.
	 */
	void forgetAll(String policy) {
		try {
			this.resolver.forgetAll(policy);
		}
		catch (RuntimeException ex) {
			this.warnings.failed(policy, ex);
		}
	}

	/**
	 * Returns the limiters of the plans of a policy that are in use.
	 */
	List<Limiter> of(Limiter owner) {
		String policy = owner.policy().name();
		return this.limiters.entrySet()
			.stream()
			.filter((each) -> each.getKey().policy().equals(policy))
			.map((each) -> each.getValue().limiter)
			.toList();
	}

	/**
	 * Returns the policies of the plans that are in use, by their names.
	 */
	Map<String, Policy> policies() {
		dropIdle();
		Map<String, Policy> policies = new HashMap<>();
		this.limiters.values().forEach((each) -> policies.put(each.limiter.policy().name(), each.limiter.policy()));
		return policies;
	}

	/**
	 * Returns the limiter of a plan.
	 * @param name the name of its policy, {@code policy.plan}
	 * @return one of the plans of that name, or {@code null} if there is none
	 */
	@Nullable Limiter find(String name) {
		for (PlanLimiter each : this.limiters.values()) {
			if (each.limiter.policy().name().equals(name)) {
				return each.limiter;
			}
		}
		return null;
	}

	/**
	 * Checks that a name is not that of a plan.
	 * @throws IllegalArgumentException if it is
	 */
	void requireNone(String name) {
		for (PlanName each : this.limiters.keySet()) {
			if (each.full().equals(name)) {
				throw new IllegalArgumentException(
						("'%s' is a plan of policy '%s': its limits come from the LimitResolver, "
								+ "and its mode is that of '%s'; change it there")
							.formatted(name, each.policy(), each.policy()));
			}
		}
	}

	private @Nullable Limiter limiter(Limiter owner, @Nullable Plan plan) {
		if (plan == null) {
			return null;
		}
		PlanName name = new PlanName(owner.policy().name(), plan);
		while (true) {
			PlanLimiter known = this.limiters.get(name);
			if (known == null) {
				return bind(owner, name);
			}
			if (known.use(this.nanoTime.getAsLong()) || this.limiters.get(name) == known) {
				return current(known, owner.policy());
			}
		}
	}

	/**
	 * Returns the limiter of a plan with the modes that its policy has now.
	 */
	private Limiter current(PlanLimiter known, Policy policy) {
		Policy planned = known.limiter.policy();
		if (planned.mode() != policy.mode() || planned.failureMode() != policy.failureMode()) {
			synchronized (this) {
				this.rebinder.accept(known.limiter,
						planned.withMode(policy.mode()).withFailureMode(policy.failureMode()));
			}
		}
		return known.limiter;
	}

	private @Nullable Limiter bind(Limiter owner, PlanName name) {
		if (this.refused.contains(name)) {
			return null;
		}
		try {
			PlanLimiter bound = bindIfAbsent(owner, name);
			return (bound != null) ? bound.limiter : null;
		}
		catch (IllegalArgumentException ex) {
			refuse(name, owner.policy(), String.valueOf(ex.getMessage()));
			return null;
		}
	}

	/**
	 * Binds a plan.
	 * @return its limiter, or {@code null} if there are too many
	 */
	private synchronized @Nullable PlanLimiter bindIfAbsent(Limiter owner, PlanName name) {
		PlanLimiter known = this.limiters.get(name);
		if (known != null) {
			return known;
		}
		if (this.isPolicy.test(name.full())) {
			throw new IllegalArgumentException(
					"there is another policy of that name, so give the plan or the policy another name");
		}
		Policy policy = owner.policy();
		Policy planned = Policy.of(name.full(), name.plan().limits())
			.withMode(policy.mode())
			.withFailureMode(policy.failureMode());
		dropIdle();
		if (this.limiters.size() >= MOST) {
			this.warnings.tooMany(MOST, name.policy());
			return null;
		}
		PlanLimiter made = new PlanLimiter(this.maker.apply(planned, owner), this.nanoTime.getAsLong());
		this.limiters.put(name, made);
		return made;
	}

	/**
	 * Drops the plans that were not used for so long that what their keys have used has
	 * expired.
	 */
	private synchronized void dropIdle() {
		long now = this.nanoTime.getAsLong();
		this.limiters.forEach((name, each) -> {
			if (each.isIdle(now) && this.limiters.remove(name, each)) {
				if (each.isIdle(now)) {
					each.close();
				}
				else {
					this.limiters.put(name, each);
				}
			}
		});
	}

	private void refuse(PlanName name, Policy policy, String reason) {
		if (this.refused.size() < MOST_REFUSED && this.refused.add(name)) {
			logger.warn(
					"The plan '{}' of policy '{}' cannot apply, and keys that have it are limited by {}, the "
							+ "policy's own limits. It is counted as policy '{}': {}",
					name.plan().name(), policy.name(), policy.limits(), name.full(), reason);
		}
	}

	/**
	 * A plan of a policy.
	 */
	private record PlanName(String policy, Plan plan) {

		/**
		 * Returns the name of the policy that the plan is counted as.
		 */
		String full() {
			return this.policy + "." + this.plan.name();
		}

	}

}
