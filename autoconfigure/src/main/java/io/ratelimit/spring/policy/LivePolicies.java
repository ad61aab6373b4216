package io.ratelimit.spring.policy;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The policies of a running application, which all changes of them go through. When the
 * configuration or a source has changed, all policies are made anew, checked, and put in
 * force together; where one cannot work, none is, and those before stay. Safe for use by
 * many threads.
 */
/*
 * A policy that is no longer there is switched off: its limiter may have been handed out,
 * to an annotated method for instance. What an operator has changed stays as long as the
 * configuration of the policy does, so a policy is compared with what was configured
 * before, and not with what is in force.
 */
public final class LivePolicies implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(LivePolicies.class);

	private final RateLimits registry;

	private final Supplier<ConfiguredPolicies> configuration;

	private final List<PolicySource> sources;

	private final PolicyUsers users;

	private final InPlacePolicies inPlace;

	private final PolicyChanges changes;

	private final Consumer<Boolean> reloads;

	private final boolean enabled;

	/** Written under the lock of this. */
	private volatile PolicySet current;

	/**
	 * Creates live policies.
	 * @param current those that the registry holds
	 * @param configuration reads the configuration as it is now, and throws
	 * {@link InvalidRateLimitException} if it cannot work
	 * @param users called back when the policies change
	 * @param reloads called with whether a change of all policies was applied
	 */
	LivePolicies(RateLimits registry, PolicySet current, Supplier<ConfiguredPolicies> configuration,
			List<PolicySource> sources, PolicyUsers users, Consumer<Boolean> reloads) {
		this.registry = registry;
		this.current = current;
		this.configuration = configuration;
		this.sources = List.copyOf(sources);
		this.users = users;
		this.inPlace = new InPlacePolicies(registry, users);
		this.enabled = current.configured().enabled();
		this.changes = new PolicyChanges(registry, users, this.enabled);
		this.reloads = reloads;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.sources.forEach((source) -> source.onChange(this::refresh));
	}

	/**
	 * Returns whether anything is limited at all, which is fixed at the start.
	 * @return whether limits are enabled
	 */
	public boolean enabled() {
		return this.enabled;
	}

	/**
	 * Returns which requests a policy guards.
	 * @param policy name of the policy
	 * @return what it guards, or {@code null} if it is neither of the configuration nor
	 * of a source
	 */
	public @Nullable Guard findGuard(String policy) {
		return this.current.guards().get(policy);
	}

	/**
	 * Returns which requests a policy guards.
	 * @param policy name of the policy
	 * @return what it guards, or what the defaults say if it is not configured
	 */
	public Guard guard(String policy) {
		return this.current.guard(policy);
	}

	/**
	 * Returns the methods that a policy limits.
	 * @param policy name of the policy
	 * @return the methods as people write them
	 */
	public List<String> calls(String policy) {
		return this.users.calls(policy);
	}

	/**
	 * Returns the keys that the calls a policy limits are counted by, by method.
	 */
	Map<String, String> callKeys(String policy) {
		return this.users.callKeys(policy);
	}

	/**
	 * Returns the policies that limit calls of a method.
	 * @param method the method
	 * @param type the class of the object that it is called on
	 * @return the names of the policies; none if its calls are not limited
	 */
	public List<String> limiting(Method method, Class<?> type) {
		return this.users.limiting(method, type);
	}

	/**
	 * Has a user begin with the policies that are in force.
	 * @param user the user
	 * @throws InvalidRateLimitException if it cannot use them
	 */
	public synchronized void begin(PolicyUser user) {
		user.prepare(this.current.policies(), this.current::guard).run();
	}

	/**
	 * Puts a policy in force whose limits are stated in an annotation. They are read
	 * again when the configuration is.
	 * @param name makes the name of the policy for its limits
	 * @param element the annotated method or type, as people write it
	 * @param text the limits as they are written
	 * @param limits reads the limits as they are now, and throws
	 * {@link IllegalArgumentException} if it cannot
	 * @return the limiter
	 * @throws InvalidRateLimitException if the limits cannot be used
	 */
	public Limiter inPlace(Function<List<Limit>, String> name, String element, String text,
			Supplier<List<Limit>> limits) {
		return this.inPlace.add(name, new InPlacePolicies.Place(element, text, limits),
				this.current.configured()::inPlace);
	}

	/**
	 * Changes the limits or the mode of a policy, or both, at once.
	 * @param policy name of the policy
	 * @param limits its new limits, separated by commas; {@code null} to keep them
	 * @param mode its new mode; {@code null} to keep it
	 * @return the policy after the change
	 * @throws IllegalArgumentException if that cannot be; the policy is what it was
	 */
	public Policy change(String policy, @Nullable String limits, @Nullable String mode) {
		return this.changes.apply(policy, limits, mode, findGuard(policy));
	}

	/**
	 * Returns what a policy would be after a change, and changes nothing.
	 * @param policy name of the policy
	 * @param limits its new limits, separated by commas; {@code null} to keep them
	 * @param mode its new mode; {@code null} to keep it
	 * @return the policy after the change
	 * @throws IllegalArgumentException if it cannot be changed so
	 */
	public Policy tried(String policy, @Nullable String limits, @Nullable String mode) {
		return this.changes.tried(policy, limits, mode, findGuard(policy));
	}

	/**
	 * Reads the policies again, and puts them in force if all of them work.
	 * @return whether they are in force
	 */
	synchronized boolean refresh() {
		try {
			replace(PolicySet.of(this.configuration.get(), this.sources));
			this.reloads.accept(true);
			return true;
		}
		catch (InvalidRateLimitException ex) {
			logger.error("The policies have changed and cannot be used, so those before stay: {}. {}", ex.getMessage(),
					ex.action(), ex.getCause());
		}
		catch (RuntimeException ex) {
			logger.error("The policies have changed and cannot be read, so those before stay", ex);
		}
		this.reloads.accept(false);
		return false;
	}

	private void replace(PolicySet policies) {
		policies.policies().values().forEach(this::check);
		Runnable users = this.users.prepare(policies);
		Runnable inPlace = this.inPlace.prepare(policies.configured()::inPlace);
		policies.policies().forEach((name, policy) -> {
			if (!policy.equals(this.current.policies().get(name))) {
				Policy former = this.registry.policies().get(name);
				this.registry.register(policy);
				logger.info("Policy '{}' is now {}{}", name, described(policy),
						(former != null) ? "; it was " + described(former) : "");
			}
		});
		this.current.policies().forEach((name, policy) -> {
			if (!policies.policies().containsKey(name)) {
				this.registry.register(policy.withMode(Mode.OFF));
				logger.warn("Policy '{}' is no longer there, and limits nothing", name);
			}
		});
		inPlace.run();
		this.current = policies;
		users.run();
	}

	private void check(Policy policy) {
		try {
			this.registry.check(policy);
		}
		catch (IllegalArgumentException ex) {
			throw InvalidRateLimitException.ofPolicy(policy.name(), "limits", String.valueOf(ex.getMessage()),
					"Correct the limit or rename the policy, or count in another store.");
		}
		try {
			this.users.requireRoom(policy, 0);
		}
		catch (IllegalArgumentException ex) {
			throw InvalidRateLimitException.ofPolicy(policy.name(), "limits", String.valueOf(ex.getMessage()),
					"Raise the limit, or take fewer permits.");
		}
	}

	private static String described(Policy policy) {
		return policy.limits()
				+ ((policy.mode() == Mode.ENFORCE) ? "" : " and " + policy.mode().name().toLowerCase(Locale.ROOT));
	}

}
