package io.ratelimit.spring.store;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import io.lettuce.core.RedisClient;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import io.ratelimit.redis.RedisRateLimitStore;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.LivePolicies;
import io.ratelimit.spring.store.StoreProperties.Store;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Configuration of the store in Redis.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ RedisConnectionFactory.class, RedisClient.class })
@ConditionalOnProperty(name = "ratelimit.store", havingValue = "redis")
class RedisStoreConfiguration {

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
	RedisRateLimitStore redisRateLimitStore(StoreProperties properties, RedisStoreClient client,
			@Qualifier("io.ratelimit.storeCalls") ObjectProvider<LongConsumer> calls) {
		if (properties.store() != Store.REDIS) {
			throw new InvalidRateLimitException("ratelimit.store",
					"it is '%s', and was 'redis' when the application was processed ahead of time"
						.formatted(properties.store().name().toLowerCase(Locale.ROOT)),
					"Set it to redis, or process the application ahead of time as it is to run.");
		}
		RedisRateLimitStore.Builder builder = client.store();
		StoreProperties.Redis redis = properties.redis();
		set("key-prefix", builder::keyPrefix, redis.keyPrefix(), "Leave the braces out.");
		set("timeout", builder::timeout, redis.timeout(),
				"Set it to what a request may wait for a decision, for example 50ms.");
		set("lease", builder::lease, redis.lease(), "Set it to 0 for no leases, or to a number such as 20.");
		calls.ifAvailable(builder::onCall);
		return builder.build();
	}

	@Bean("io.ratelimit.redisStoreStart")
	@ConditionalOnBean(RedisRateLimitStore.class)
	RedisStoreStart rateLimitRedisStoreStart(RateLimits limits, ObjectProvider<RedisStoreClient> client,
			LivePolicies policies, StoreProperties properties) {
		return new RedisStoreStart(limits, client.getIfAvailable(),
				new StoreWatch(limits, properties.redis().timeout()), policies.enabled());
	}

	private static <T> void set(String property, Consumer<T> setter, T value, String action) {
		try {
			setter.accept(value);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidRateLimitException("ratelimit.redis." + property, String.valueOf(ex.getMessage()), action);
		}
	}

}
