package io.ratelimit.spring.store;

import java.time.Duration;

import io.ratelimit.RateLimitStoreException;
import io.ratelimit.redis.RedisRateLimitStore;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Checks whether permits are counted in Redis, or policies act by their failure mode.
 */
final class RedisStoreHealth implements HealthIndicator {

	private final RedisRateLimitStore store;

	private final Duration timeout;

	RedisStoreHealth(RedisRateLimitStore store, Duration timeout) {
		this.store = store;
		this.timeout = timeout;
	}

	@Override
	public Health health() {
		try {
			this.store.ping(this.timeout);
			return Health.up().withDetail("store", "redis").build();
		}
		catch (RateLimitStoreException ex) {
			return Health.down()
				.withDetail("store", "redis")
				.withDetail("error", String.valueOf(ex.getMessage()))
				.build();
		}
	}

}
