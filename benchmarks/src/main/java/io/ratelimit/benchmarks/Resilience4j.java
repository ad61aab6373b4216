package io.ratelimit.benchmarks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Resilience4j: one limiter a key from its registry, which forgets none of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by JMH
public class Resilience4j {

	private RateLimiterRegistry registry;

	@Setup
	public void setUp(Load load) {
		this.registry = RateLimiterRegistry.of(RateLimiterConfig.custom()
			.limitForPeriod(load.permits())
			.limitRefreshPeriod(load.window())
			.timeoutDuration(Duration.ZERO)
			.build());
		load.fill((key, permits) -> this.registry.rateLimiter(key).acquirePermission(permits));
		load.check((key) -> this.registry.rateLimiter(key).acquirePermission());
	}

	@Benchmark
	public boolean acquirePermission(Cursor cursor) {
		return this.registry.rateLimiter(cursor.next()).acquirePermission();
	}

}
