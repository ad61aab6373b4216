package io.ratelimit.benchmarks;

import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.caffeine.Bucket4jCaffeine;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Bucket4j's own proxy manager over Caffeine, which sets the expiry of the cache itself.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by JMH
public class Bucket4jProxy {

	private ProxyManager<String> proxies;

	private BucketConfiguration configuration;

	@Setup
	public void setUp(Load load) {
		this.configuration = BucketConfiguration.builder()
			.addLimit((limit) -> limit.capacity(load.permits()).refillGreedy(load.permits(), load.window()))
			.build();
		this.proxies = Bucket4jCaffeine.<String>builderFor(Caffeine.newBuilder().maximumSize(Load.MAXIMUM_KEYS))
			.build();
		load.fill((key, permits) -> bucket(key).tryConsume(permits));
		load.check((key) -> bucket(key).tryConsume(1));
	}

	@Benchmark
	public long tryConsumeAndReturnRemaining(Cursor cursor) {
		return bucket(cursor.next()).tryConsumeAndReturnRemaining(1).getRemainingTokens();
	}

	private BucketProxy bucket(String key) {
		return this.proxies.builder().build(key, () -> this.configuration);
	}

}
