package io.ratelimit.spring.policy;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.LimitResolver;
import io.ratelimit.RateLimitListener;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the policies, and of the registry that they are in.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RateLimitProperties.class)
class PolicyConfiguration {

	PolicyConfiguration() {
		JdkTimer.start();
	}

	@Bean(value = "io.ratelimit.ticker", defaultCandidate = false)
	Supplier<Ticker> rateLimitTicker(BeanFactory beans) {
		Ticker ticker = SoleBean.of(Ticker.class, beans);
		return () -> (ticker != null) ? ticker : Ticker.systemTicker();
	}

	@Bean("io.ratelimit.configuredPolicies")
	ConfiguredPolicies configuredRateLimitPolicies(RateLimitProperties properties) {
		return new ConfiguredPolicies(properties);
	}

	@Bean("io.ratelimit.policySet")
	PolicySet rateLimitPolicySet(ConfiguredPolicies configured, ObjectProvider<PolicySource> sources) {
		return PolicySet.of(configured, sources.orderedStream().toList());
	}

	@Bean("io.ratelimit.plans")
	PlanLookUps rateLimitPlans(
			@Qualifier("io.ratelimit.originalKeys") ObjectProvider<UnaryOperator<String>> originalKeys,
			@Qualifier("io.ratelimit.ticker") Supplier<Ticker> ticker, BeanFactory beans) {
		LimitResolver resolver = SoleBean.of(LimitResolver.class, beans);
		if (resolver == null) {
			return new PlanLookUps(null);
		}
		return PlanLookUps.of(resolver, originalKeys.getIfAvailable(UnaryOperator::identity), ticker.get());
	}

	@Bean("io.ratelimit.registry")
	RateLimits rateLimits(RateLimitStore store,
			@Qualifier("io.ratelimit.localStore") Supplier<@Nullable RateLimitStore> localStore, PolicySet policies,
			ObjectProvider<RateLimitListener> listeners, PlanLookUps plans) {
		RateLimits.Builder builder = RateLimits.builder(store)
			.enabled(policies.configured().enabled())
			.listeners(listeners.orderedStream().toList());
		RateLimitStore local = localStore.get();
		if (local != null) {
			builder.local(local);
		}
		LimitResolver resolver = plans.resolver();
		if (resolver != null) {
			builder.limitResolver(resolver);
		}
		RateLimits limits = builder.build();
		FirstPolicies.fill(limits, policies);
		return limits;
	}

	@Bean("io.ratelimit.livePolicies")
	LivePolicies rateLimitLivePolicies(RateLimits limits, PolicySet policies, ObjectProvider<PolicySource> sources,
			ObjectProvider<PolicyUser> users,
			@Qualifier("io.ratelimit.configuration") Function<Class<?>, Object> configuration,
			@Qualifier("io.ratelimit.reloadCounts") Consumer<Boolean> reloads) {
		List<PolicySource> asked = sources.orderedStream().toList();
		return new LivePolicies(limits, policies,
				() -> new ConfiguredPolicies((RateLimitProperties) configuration.apply(RateLimitProperties.class)),
				asked, new PolicyUsers(users::stream), reloads);
	}

	@Bean("io.ratelimit.policyNotes")
	PolicyNotes rateLimitPolicyNotes(RateLimits limits, PolicySet policies, LivePolicies live) {
		return new PolicyNotes(limits, policies, live);
	}

	@Bean("io.ratelimit.configurationRefresh")
	static ConfigurationRefresh rateLimitConfigurationRefresh(ObjectProvider<LivePolicies> policies) {
		return new ConfigurationRefresh(policies::getObject);
	}

}
