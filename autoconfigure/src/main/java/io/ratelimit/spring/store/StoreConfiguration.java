package io.ratelimit.spring.store;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.RateLimitStore;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.store.StoreProperties.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the store in this process.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StoreProperties.class)
class StoreConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(StoreConfiguration.class);

	private final StoreProperties properties;

	private final Ticker ticker;

	StoreConfiguration(StoreProperties properties, @Qualifier("io.ratelimit.ticker") Supplier<Ticker> ticker) {
		this.properties = properties;
		this.ticker = ticker.get();
	}

	@Bean("io.ratelimit.store")
	@ConditionalOnMissingBean(RateLimitStore.class)
	CaffeineRateLimitStore rateLimitStore(ConfigurableBeanFactory beans) {
		if (this.properties.store() == Store.REDIS) {
			throw MissingRedis.exception(beans.getBeanClassLoader());
		}
		return inProcess();
	}

	@Bean("io.ratelimit.localStore")
	LocalStore rateLimitLocalStore(RateLimitStore store, ConfigurableBeanFactory beans) {
		if (this.properties.store() == Store.REDIS && !beans.containsBean(RedisStoreConfiguration.STORE)) {
			logger.warn("ratelimit.store is 'redis', and permits are counted by the application's own store, a {}",
					store.getClass().getSimpleName());
		}
		return new LocalStore((store instanceof CaffeineRateLimitStore) ? null : inProcess());
	}

	/**
	 * Returns the store as operators know it.
	 */
	@Bean(value = "io.ratelimit.storeName", defaultCandidate = false)
	Supplier<String> rateLimitStoreName(RateLimitStore store, ConfigurableBeanFactory beans) {
		String name = beans.containsBean(RedisStoreConfiguration.STORE) ? "redis"
				: (store instanceof CaffeineRateLimitStore) ? "caffeine" : store.getClass().getSimpleName();
		return () -> name;
	}

	private CaffeineRateLimitStore inProcess() {
		long maximumKeys = this.properties.caffeine().maximumKeys();
		if (maximumKeys < 1) {
			throw new InvalidRateLimitException("ratelimit.caffeine.maximum-keys",
					"a maximum of %s keys would keep nothing".formatted(maximumKeys),
					"Set it to at least as many clients as are active within the longest window.");
		}
		CaffeineRateLimitStore.Builder builder = CaffeineRateLimitStore.builder()
			.maximumKeys(maximumKeys)
			.ticker(this.ticker);
		return ((this.ticker instanceof InstantSource wall) ? builder.clock(wall.withZone(ZoneOffset.UTC)) : builder)
			.build();
	}

}
