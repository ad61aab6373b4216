package io.ratelimit.benchmarks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.util.concurrent.RateLimiter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Guava: one limiter a key in a Caffeine cache. Its limiter knows a rate and no window.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by JMH
public class Guava {

	private Cache<String, RateLimiter> cache;

	private double permitsPerSecond;

	@Setup
	public void setUp(Load load) {
		this.permitsPerSecond = (double) load.permits() / load.window().toSeconds();
		this.cache = Caffeine.newBuilder()
			.maximumSize(Load.MAXIMUM_KEYS)
			.expireAfterAccess(Duration.ofHours(1))
			.build();
		load.fill((key, permits) -> {
			boolean unused = limiter(key).tryAcquire(permits);
		});
		load.check((key) -> limiter(key).tryAcquire());
	}

	@Benchmark
	public boolean tryAcquire(Cursor cursor) {
		return limiter(cursor.next()).tryAcquire();
	}

	private RateLimiter limiter(String key) {
		return this.cache.get(key, (absent) -> RateLimiter.create(this.permitsPerSecond));
	}

}
