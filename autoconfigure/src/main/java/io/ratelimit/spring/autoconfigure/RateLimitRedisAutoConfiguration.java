package io.ratelimit.spring.autoconfigure;

import io.ratelimit.redis.RedisRateLimitStore;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.core.Ordered;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;

/**
 * {@link AutoConfiguration} for the store in Redis, by a client like that of the
 * application's own connection factory, and for its health.
 */
@AutoConfiguration(before = RateLimitAutoConfiguration.class,
		afterName = { "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
				"org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration" })
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass(RedisRateLimitStore.class)
@ImportConfigurations({ "store.RedisStoreConfiguration", "store.RedisHealthConfiguration" })
public final class RateLimitRedisAutoConfiguration {

}
