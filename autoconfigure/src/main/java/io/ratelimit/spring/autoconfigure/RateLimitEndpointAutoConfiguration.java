package io.ratelimit.spring.autoconfigure;

import java.security.SecureRandom;

import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.actuate.Offenders;
import io.ratelimit.spring.actuate.RateLimitsEndpoint;
import io.ratelimit.spring.actuate.RateLimitsEndpoint.Settings;
import io.ratelimit.spring.method.RateLimitedAdvisor;
import io.ratelimit.spring.metrics.DecisionCounts;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link AutoConfiguration} for the actuator endpoint.
 */
@AutoConfiguration(after = RateLimitAutoConfiguration.class)
@ConditionalOnClass({ WebEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(endpoint = RateLimitsEndpoint.class, exposure = EndpointExposure.WEB)
@EnableConfigurationProperties(RateLimitEndpointProperties.class)
public final class RateLimitEndpointAutoConfiguration {

	static final EndpointId ID = EndpointId.of("ratelimits");

	@Bean("io.ratelimit.offenders")
	Offenders rateLimitOffenders(BeanFactory beans) {
		return new Offenders(RateLimitAutoConfiguration.ticker(beans)::read);
	}

	@Bean("io.ratelimit.endpoint")
	RateLimitsEndpoint rateLimitsEndpoint(RateLimits registry, DecisionCounts counts, Offenders offenders,
			LivePolicies policies, RateLimitedAdvisor advisor, RateLimitStore store, RateLimitProperties limits,
			RateLimitEndpointProperties properties, EndpointAccessResolver access, ObjectProvider<TypedKeys> typed,
			BeanFactory beans) {
		boolean writable = access.accessFor(ID, Access.READ_ONLY) == Access.UNRESTRICTED;
		return new RateLimitsEndpoint(registry, counts, offenders, new PolicyUses(policies, advisor),
				new Settings(store(store, beans), limits.enabled(), writable,
						(policy, text) -> typed.getIfAvailable(() -> (name, key) -> key).key(policy, text),
						(security) -> properties.showKeys().isShown(security, properties.roles())),
				new SecureRandom());
	}

	private static String store(RateLimitStore store, BeanFactory beans) {
		if (beans.containsBean(RateLimitRedisAutoConfiguration.STORE)) {
			return "redis";
		}
		return (store instanceof CaffeineRateLimitStore) ? "caffeine" : store.getClass().getSimpleName();
	}

}
