package io.ratelimit.spring.autoconfigure;

import java.util.Locale;

import io.lettuce.core.RedisClient;
import io.ratelimit.RateLimitStore;
import io.ratelimit.redis.RedisRateLimitStore;
import io.ratelimit.spring.autoconfigure.RateLimitProperties.Store;
import io.ratelimit.spring.metrics.StoreCalls;
import io.ratelimit.spring.policy.InvalidRateLimitException;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * {@link AutoConfiguration} for the store in Redis, by a client like that of the
 * application's own connection factory.
 */
@AutoConfiguration(before = RateLimitAutoConfiguration.class,
		afterName = { "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
				"org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration" })
@ConditionalOnClass({ RedisRateLimitStore.class, RedisConnectionFactory.class, RedisClient.class })
@ConditionalOnProperty(name = "ratelimit.store", havingValue = "redis")
public final class RateLimitRedisAutoConfiguration {

	static final String STORE = "io.ratelimit.redisStore";

	@Bean("io.ratelimit.redisClient")
	@ConditionalOnMissingBean(RateLimitStore.class)
	@ConditionalOnSingleCandidate(RedisConnectionFactory.class)
	RedisStoreClient redisRateLimitStoreClient(RedisConnectionFactory factory) {
		if (!(factory instanceof LettuceConnectionFactory lettuce)) {
			throw MissingRedis.otherClient(factory);
		}
		return new RedisStoreClient(lettuce);
	}

	@Bean(STORE)
	@ConditionalOnMissingBean(RateLimitStore.class)
	@ConditionalOnSingleCandidate(RedisConnectionFactory.class)
	RedisRateLimitStore redisRateLimitStore(RateLimitProperties properties, RedisStoreClient client,
			ObjectProvider<StoreCalls> calls) {
		if (properties.store() != Store.REDIS) {
			throw new InvalidRateLimitException("ratelimit.store",
					"it is '%s', and was 'redis' when the application was processed ahead of time"
						.formatted(properties.store().name().toLowerCase(Locale.ROOT)),
					"Set it to redis, or process the application ahead of time as it is to run.");
		}
		RedisRateLimitStore.Builder builder = client.store();
		try {
			builder.keyPrefix(properties.redis().keyPrefix());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException("ratelimit.redis.key-prefix", String.valueOf(ex.getMessage()),
					"Leave the braces out.");
		}
		try {
			builder.timeout(properties.redis().timeout());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException("ratelimit.redis.timeout", String.valueOf(ex.getMessage()),
					"Set it to what a request may wait for a decision, for example 50ms.");
		}
		try {
			builder.lease(properties.redis().lease());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException("ratelimit.redis.lease", String.valueOf(ex.getMessage()),
					"Set it to 0 for no leases, or to a number such as 20.");
		}
		calls.ifAvailable(builder::onCall);
		return builder.build();
	}

	@Bean("io.ratelimit.redisStoreStart")
	@ConditionalOnBean(RedisRateLimitStore.class)
	RedisStoreStart rateLimitRedisStoreStart(RedisRateLimitStore store, ObjectProvider<RedisStoreClient> client,
			RateLimitProperties properties) {
		return new RedisStoreStart(store, client.getIfAvailable(), properties.enabled());
	}

}
