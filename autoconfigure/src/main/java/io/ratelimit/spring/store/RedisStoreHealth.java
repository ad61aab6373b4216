package io.ratelimit.spring.store;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

import io.ratelimit.Outage;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimits;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Checks whether permits are counted in Redis, or policies act by their failure mode.
 */
final class RedisStoreHealth implements HealthIndicator {

	private final RateLimits limits;

	private final Duration timeout;

	RedisStoreHealth(RateLimits limits, Duration timeout) {
		this.limits = limits;
		this.timeout = timeout;
	}

	@Override
	public Health health() {
		String failure = failure();
		Outage latest = this.limits.outage();
		Outage outage = (latest != null && !latest.over()) ? latest : null;
		Health.Builder health = (outage == null && failure == null) ? Health.up() : Health.down();
		health.withDetail("store", "redis").withDetail("failureMode", failureModes());
		if (outage != null) {
			health.withDetail("since", outage.begin().toString()).withDetail("cause", outage.cause());
		}
		else if (failure != null) {
			health.withDetail("cause", failure);
		}
		return health.build();
	}

	private @Nullable String failure() {
		try {
			this.limits.ping(this.timeout);
			return null;
		}
		catch (RateLimitStoreException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	private String failureModes() {
		return this.limits.policies()
			.values()
			.stream()
			.map((policy) -> policy.failureMode().name().toLowerCase(Locale.ROOT))
			.distinct()
			.sorted()
			.collect(Collectors.joining(", "));
	}

}
