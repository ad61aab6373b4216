package io.ratelimit.spring.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ratelimit.Limiter;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.metrics.ReloadCounts;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.PolicySource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The policies of a running application. When the configuration or a source has changed,
 * all of them are made anew, checked, and put in force together; where one cannot work,
 * none is, and those before stay.
 */
/*
 * A policy that is no longer there is switched off: its limiter may have been handed out,
 * to an annotated method for instance.
 */
final class LivePolicies implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(LivePolicies.class);

	private final RateLimits registry;

	private final Supplier<ConfiguredPolicies> configuration;

	private final List<PolicySource> sources;

	private final ObjectProvider<PolicyFollower> followers;

	private final ReloadCounts counts;

	/** Guarded by this. */
	private PolicySet current;

	/**
	 * Creates live policies.
	 * @param current those that the registry holds
	 * @param configuration reads the configuration as it is now, and throws
	 * {@link InvalidRateLimitException} if it cannot work
	 * @param followers called back when the policies change
	 * @param counts notes what became of each change
	 */
	LivePolicies(RateLimits registry, PolicySet current, Supplier<ConfiguredPolicies> configuration,
			List<PolicySource> sources, ObjectProvider<PolicyFollower> followers, ReloadCounts counts) {
		this.registry = registry;
		this.current = current;
		this.configuration = configuration;
		this.sources = List.copyOf(sources);
		this.followers = followers;
		this.counts = counts;
	}

	/**
	 * Returns the policies as they stand now, but for what was changed elsewhere.
	 */
	synchronized PolicySet current() {
		return this.current;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.sources.forEach((source) -> source.onChange(this::refresh));
	}

	/**
	 * Reads the policies again, and puts them in force if all of them work.
	 * @return whether they are in force
	 */
	synchronized boolean refresh() {
		try {
			replace(PolicySet.of(this.configuration.get(), this.sources));
			this.counts.addApplied();
			return true;
		}
		catch (InvalidRateLimitException ex) {
			logger.error("The policies have changed and cannot be used, so those before stay: {}. {}", ex.getMessage(),
					ex.action(), ex.getCause());
		}
		catch (RuntimeException ex) {
			logger.error("The policies have changed and cannot be read, so those before stay", ex);
		}
		this.counts.addRefused();
		return false;
	}

	private void replace(PolicySet policies) {
		policies.policies().values().forEach(this::check);
		List<Consumer<Function<String, Limiter>>> prepared = this.followers.stream()
			.map((follower) -> follower.prepare(policies))
			.toList();
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
		prepared.forEach((follower) -> follower.accept(this.registry::limiter));
		this.current = policies;
	}

	private static String described(Policy policy) {
		return policy.limits()
				+ ((policy.mode() == Mode.ENFORCE) ? "" : " and " + policy.mode().name().toLowerCase(Locale.ROOT));
	}

	private void check(Policy policy) {
		try {
			this.registry.check(policy);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException(ConfiguredPolicies.property(policy.name(), "limits"),
					String.valueOf(ex.getMessage()),
					"Correct the limit or rename the policy, or count in another store.");
		}
	}

}
