package io.ratelimit.benchmarks;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.caffeine.CaffeineRateLimitStore;

/**
 * Whose memory is measured.
 */
enum Subject {

	RATELIMIT("Ratelimit") {
		@Override
		Limiter open(Use use) {
			AtomicLong now = new AtomicLong();
			BoundPolicy limiter = CaffeineRateLimitStore.builder()
				.maximumKeys(maximum(use))
				.ticker(now::get)
				.build()
				.bind(Policy.of("api", Limit.of(use.permits, use.window)));
			return new Limiter() {
				@Override
				public boolean take(String key, int permits) {
					return limiter.tryAcquire(key, permits).allowed();
				}

				@Override
				public void pass(Duration time) {
					now.addAndGet(time.toNanos());
				}
			};
		}
	},

	BUCKET4J("Bucket4j in a Caffeine cache, expireAfterAccess") {
		@Override
		Limiter open(Use use) {
			Cache<String, Bucket> cache = Caffeine.newBuilder()
				.maximumSize(maximum(use))
				.expireAfterAccess(Duration.ofHours(1))
				.build();
			return (key, permits) -> cache
				.get(key,
						(absent) -> Bucket.builder()
							.addLimit((limit) -> limit.capacity(use.permits).refillGreedy(use.permits, use.window))
							.build())
				.tryConsume(permits);
		}
	},

	RESILIENCE4J("Resilience4j's registry") {
		@Override
		Limiter open(Use use) {
			RateLimiterRegistry registry = RateLimiterRegistry.of(RateLimiterConfig.custom()
				.limitForPeriod(use.permits)
				.limitRefreshPeriod(use.window)
				.timeoutDuration(Duration.ZERO)
				.build());
			return (key, permits) -> registry.rateLimiter(key).acquirePermission(permits);
		}
	},

	EMPTY_CELL("Caffeine, maximumSize, an empty object a key") {
		@Override
		Limiter open(Use use) {
			Cache<String, Object> cache = Caffeine.newBuilder().maximumSize(maximum(use)).build();
			return (key, permits) -> cache.get(key, (absent) -> new Object()) != null;
		}
	};

	final String text;

	Subject(String text) {
		this.text = text;
	}

	abstract Limiter open(Use use);

	/**
	 * Returns room for every key and no more: none is evicted, and the sketch of
	 * frequencies that Caffeine makes once it is half full is there.
	 */
	static int maximum(Use use) {
		return use.keys;
	}

	/**
	 * Something that counts permits by key, by the real clock unless it has its own.
	 */
	interface Limiter {

		boolean take(String key, int permits);

		default void pass(Duration time) {
		}

	}

}
