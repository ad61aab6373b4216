package io.ratelimit.benchmarks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Bucket4j as most of its users have it in process: one local bucket a key, in a Caffeine
 * cache that drops unused keys.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by JMH
public class Bucket4jInCaffeine {

	private Cache<String, Bucket> cache;

	private int permits;

	private Duration window;

	@Setup
	public void setUp(Load load) {
		this.permits = load.permits();
		this.window = load.window();
		this.cache = Caffeine.newBuilder()
			.maximumSize(Load.MAXIMUM_KEYS)
			.expireAfterAccess(Duration.ofHours(1))
			.build();
		load.fill((key, permits) -> bucket(key).tryConsume(permits));
		load.check((key) -> bucket(key).tryConsume(1));
	}

	@Benchmark
	public boolean tryConsume(Cursor cursor) {
		return bucket(cursor.next()).tryConsume(1);
	}

	@Benchmark
	public long tryConsumeAndReturnRemaining(Cursor cursor) {
		return bucket(cursor.next()).tryConsumeAndReturnRemaining(1).getRemainingTokens();
	}

	private Bucket bucket(String key) {
		return this.cache.get(key,
				(absent) -> Bucket.builder()
					.addLimit((limit) -> limit.capacity(this.permits).refillGreedy(this.permits, this.window))
					.build());
	}

}
