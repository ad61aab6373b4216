package io.ratelimit.spring.store;

import io.ratelimit.RateLimits;
import io.ratelimit.redis.RedisRateLimitStore;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the health of the store in Redis, on Spring Boot 4.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(RedisRateLimitStore.class)
@ConditionalOnEnabledHealthIndicator("ratelimit")
class RedisHealthConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "ratelimitHealthIndicator", "ratelimitHealthContributor" })
	HealthIndicator ratelimitHealthIndicator(RateLimits limits, StoreProperties properties) {
		return new RedisStoreHealth(limits, properties.redis().timeout());
	}

}
