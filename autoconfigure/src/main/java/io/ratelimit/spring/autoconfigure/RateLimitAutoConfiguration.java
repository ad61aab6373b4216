package io.ratelimit.spring.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.Limit;
import io.ratelimit.LimitResolver;
import io.ratelimit.Limiter;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitListener;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.Store;
import io.ratelimit.spring.event.RefusalNotices;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.method.CallContext;
import io.ratelimit.spring.method.RateLimitedAdvisor;
import io.ratelimit.spring.metrics.DecisionCounts;
import io.ratelimit.spring.metrics.ReloadCounts;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.PolicySource;
import io.ratelimit.spring.request.KeyHash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * {@link AutoConfiguration} for what is limited wherever it is called from: policies, the
 * store that counts, and annotated methods.
 */
@AutoConfiguration
@EnableConfigurationProperties(RateLimitProperties.class)
@Import(RateLimitedMethodConfiguration.class)
public final class RateLimitAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(RateLimitAutoConfiguration.class);

	RateLimitAutoConfiguration() {
		JdkTimer.start();
	}

	@Bean("io.ratelimit.propertiesReading")
	static PropertiesReading rateLimitPropertiesReading(ConfigurableEnvironment environment) {
		return new PropertiesReading(environment);
	}

	@Bean("io.ratelimit.ownBeans")
	static OwnBeans rateLimitOwnBeans() {
		return new OwnBeans();
	}

	@Bean("io.ratelimit.store")
	@ConditionalOnMissingBean(RateLimitStore.class)
	CaffeineRateLimitStore rateLimitStore(RateLimitProperties properties, ConfigurableBeanFactory beans) {
		if (properties.store() == Store.REDIS) {
			throw MissingRedis.exception(beans.getBeanClassLoader());
		}
		return inProcess(properties, beans);
	}

	@Bean("io.ratelimit.configuredPolicies")
	ConfiguredPolicies configuredRateLimitPolicies(RateLimitProperties properties) {
		return new ConfiguredPolicies(properties);
	}

	@Bean("io.ratelimit.policySet")
	PolicySet rateLimitPolicySet(ConfiguredPolicies configured, ObjectProvider<PolicySource> sources) {
		return PolicySet.of(configured, sources.orderedStream().toList());
	}

	@Bean("io.ratelimit.livePolicies")
	LivePolicies rateLimitLivePolicies(RateLimits registry, PolicySet policies, ObjectProvider<PolicySource> sources,
			ObjectProvider<PolicyFollower> followers, ConfigurableEnvironment environment,
			RateLimitProperties properties, ReloadCounts counts) {
		FixedProperties fixed = new FixedProperties(properties);
		return new LivePolicies(registry, policies, () -> {
			RateLimitProperties now = ConfigurationReader.read(environment);
			fixed.review(now);
			return new ConfiguredPolicies(now);
		}, sources.orderedStream().toList(), followers, counts);
	}

	@Bean("io.ratelimit.unusedPolicies")
	UnusedPolicies rateLimitUnusedPolicies(PolicySet policies, RateLimitedAdvisor advisor) {
		return new UnusedPolicies(policies, advisor);
	}

	@Bean("io.ratelimit.annotatedMethods")
	AnnotatedMethods rateLimitAnnotatedMethods(RateLimitedAdvisor advisor) {
		return new AnnotatedMethods(advisor);
	}

	@Bean("io.ratelimit.configurationRefresh")
	static ConfigurationRefresh rateLimitConfigurationRefresh(ObjectProvider<LivePolicies> policies) {
		return new ConfigurationRefresh(policies::getObject);
	}

	@Bean("io.ratelimit.decisionCounts")
	DecisionCounts rateLimitDecisionCounts() {
		return new DecisionCounts();
	}

	@Bean("io.ratelimit.reloadCounts")
	ReloadCounts rateLimitReloadCounts() {
		return new ReloadCounts();
	}

	@Bean("io.ratelimit.refusalNotices")
	RefusalNotices rateLimitRefusalNotices(ApplicationEventPublisher publisher, RateLimitProperties properties) {
		try {
			return new RefusalNotices(publisher,
					new RefusalNotices.Events(properties.events().perSecond(), properties.events().keys()),
					new RefusalNotices.Lines(properties.log().refusals(), properties.log().keys()), System::nanoTime);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException("ratelimit.events.per-second", String.valueOf(ex.getMessage()),
					"Set it to 0 for no events, or to a number such as 10.");
		}
	}

	@Bean("io.ratelimit.localStore")
	LocalStore rateLimitLocalStore(RateLimitStore store, RateLimitProperties properties, BeanFactory beans) {
		return new LocalStore((store instanceof CaffeineRateLimitStore) ? null : inProcess(properties, beans));
	}

	@Bean("io.ratelimit.plans")
	PlanLookUps rateLimitPlans(ObjectProvider<KeyHash> keyHash, BeanFactory beans) {
		LimitResolver resolver = SoleBean.of(LimitResolver.class, beans);
		return new PlanLookUps(
				(resolver != null) ? PlanLookUps.cached(resolver, keyHash.getIfAvailable(), ticker(beans)) : null);
	}

	@Bean("io.ratelimit.registry")
	RateLimits rateLimiterRegistry(RateLimitStore store, PolicySet policies, RateLimitProperties properties,
			ObjectProvider<RateLimitListener> listeners, PlanLookUps plans, LocalStore local, BeanFactory beans) {
		if (properties.store() == Store.REDIS && !beans.containsBean(RateLimitRedisAutoConfiguration.STORE)) {
			logger.warn("ratelimit.store is 'redis', and permits are counted by the application's own store, a {}",
					store.getClass().getSimpleName());
		}
		RateLimits.Builder builder = RateLimits.builder(store)
			.enabled(properties.enabled())
			.listeners(listeners.orderedStream().toList());
		if (local.store() != null) {
			builder.local(local.store());
		}
		LimitResolver resolver = plans.resolver();
		if (resolver != null) {
			builder.limitResolver(resolver);
		}
		RateLimits registry = builder.build();
		policies.policies().values().forEach((policy) -> register(policy, registry));
		if (policies.policies().isEmpty()) {
			logger.info(
					"No policy is configured below ratelimit.policies: annotations limit by those that they state in place");
			if (properties.defaults().limits() != null || properties.defaults().paths() != null) {
				logger.warn("ratelimit.defaults has limits or paths, and there is no policy that they are the defaults "
						+ "of: nothing is limited by them. Write them below ratelimit.policies.api, for instance");
			}
		}
		else {
			logger.info(properties.enabled() ? "Limiting by {}" : "Limiting nothing, as ratelimit.enabled is false: {}",
					described(registry));
		}
		return registry;
	}

	static Ticker ticker(BeanFactory beans) {
		Ticker ticker = SoleBean.of(Ticker.class, beans);
		return (ticker != null) ? ticker : Ticker.systemTicker();
	}

	private static void register(Policy policy, RateLimits registry) {
		try {
			registry.register(policy);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException(ConfiguredPolicies.property(policy.name(), "limits"),
					String.valueOf(ex.getMessage()), "Correct the limit, or count in another store.");
		}
	}

	private static String described(RateLimits registry) {
		return registry.policies()
			.values()
			.stream()
			.map((policy) -> "%s %s%s".formatted(policy.name(),
					policy.limits().stream().map(Limit::toString).collect(Collectors.joining(", ")),
					(policy.mode() == Mode.SHADOW) ? " (shadow)" : ""))
			.collect(Collectors.joining("; "));
	}

	@Bean("io.ratelimit.callContext")
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	CallContext rateLimitCallContext(ConfiguredPolicies configured) {
		return new PlainCallContext(configured);
	}

	@Bean("io.ratelimit.expressions")
	Expressions rateLimitExpressions(BeanFactory beans) {
		return new Expressions(beans);
	}

	/**
	 * Without requests a path limits nothing.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnNotWebApplication
	static class NoWebConfiguration {

		NoWebConfiguration(PolicySet policies) {
			List<String> guarding = policies.guards()
				.entrySet()
				.stream()
				.filter((entry) -> !entry.getValue().paths().isEmpty())
				.map(Map.Entry::getKey)
				.toList();
			if (!guarding.isEmpty()) {
				logger.warn("Policies {} have paths, and this is no web application: they limit annotated methods only",
						guarding);
			}
		}

	}

	/**
	 * Requests to a WebFlux application pass no servlet filter: a path would limit
	 * nothing, and a key taken from the request would be the same for everybody. The
	 * default key is refused where it is used.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class ReactiveConfiguration implements PolicyFollower {

		ReactiveConfiguration(PolicySet policies) {
			requireNoRequests(policies);
		}

		@Override
		public Consumer<Function<String, Limiter>> prepare(PolicySet policies) {
			requireNoRequests(policies);
			return (limiters) -> {
			};
		}

		private static void requireNoRequests(PolicySet policies) {
			policies.guards().forEach((name, guard) -> {
				if (!guard.paths().isEmpty()) {
					throw new InvalidRateLimitException(ConfiguredPolicies.property(name, "paths"),
							"requests are limited in servlet applications, and this is a reactive one",
							"Limit methods by @RateLimited(\"%s\"), or use Spring MVC.".formatted(name));
				}
				String key = guard.key().strip();
				if (!key.equals("ip") && !key.equals("global")) {
					throw new InvalidRateLimitException(ConfiguredPolicies.property(name, "key"),
							"the key '%s' comes from an HTTP request, which no method of a reactive application sees"
								.formatted(key),
							"Remove it, and write an expression over the parameters in the annotation, such as key = \"#id\"; or write 'key: global' if all calls are meant.");
				}
			});
		}

	}

	private static CaffeineRateLimitStore inProcess(RateLimitProperties properties, BeanFactory beans) {
		long maximumKeys = properties.caffeine().maximumKeys();
		if (maximumKeys < 1) {
			throw new InvalidRateLimitException("ratelimit.caffeine.maximum-keys",
					"a maximum of %s keys would keep nothing".formatted(maximumKeys),
					"Set it to at least as many clients as are active within the longest window.");
		}
		return CaffeineRateLimitStore.builder().maximumKeys(maximumKeys).ticker(ticker(beans)).build();
	}

}
