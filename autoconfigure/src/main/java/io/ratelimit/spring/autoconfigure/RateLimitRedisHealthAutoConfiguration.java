package io.ratelimit.spring.autoconfigure;

import io.ratelimit.redis.RedisRateLimitStore;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link AutoConfiguration} for the health of the store in Redis, on Spring Boot 4.
 */
@AutoConfiguration(after = { RateLimitAutoConfiguration.class, RateLimitRedisAutoConfiguration.class })
@ConditionalOnClass({ RedisRateLimitStore.class, HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(RedisRateLimitStore.class)
@ConditionalOnEnabledHealthIndicator("ratelimit")
public final class RateLimitRedisHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "ratelimitHealthIndicator", "ratelimitHealthContributor" })
	HealthIndicator ratelimitHealthIndicator(RedisRateLimitStore store, RateLimitProperties properties) {
		return new RedisStoreHealth(store, properties.redis().timeout());
	}

}
