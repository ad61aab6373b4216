package io.ratelimit.benchmarks;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import javax.cache.Cache;
import javax.cache.CacheManager;

import com.github.benmanes.caffeine.jcache.configuration.CaffeineConfiguration;
import com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.grid.jcache.Bucket4jJCache.JCacheProxyManagerBuilder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Bucket4j over JCache on Caffeine, which is the way of its Spring Boot starter in
 * process.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by JMH
public class Bucket4jJCache {

	private CaffeineCachingProvider provider;

	private ProxyManager<String> proxies;

	private BucketConfiguration configuration;

	@Setup
	public void setUp(Load load) {
		this.configuration = BucketConfiguration.builder()
			.addLimit((limit) -> limit.capacity(load.permits()).refillGreedy(load.permits(), load.window()))
			.build();
		this.provider = new CaffeineCachingProvider();
		this.proxies = new JCacheProxyManagerBuilder<>(cache(this.provider.getCacheManager())).build();
		load.fill((key, permits) -> bucket(key).tryConsume(permits));
		load.check((key) -> bucket(key).tryConsume(1));
	}

	@TearDown
	public void tearDown() {
		this.provider.close();
	}

	@Benchmark
	public long tryConsumeAndReturnRemaining(Cursor cursor) {
		return bucket(cursor.next()).tryConsumeAndReturnRemaining(1).getRemainingTokens();
	}

	private BucketProxy bucket(String key) {
		return this.proxies.builder().build(key, () -> this.configuration);
	}

	private static Cache<String, byte[]> cache(CacheManager caches) {
		CaffeineConfiguration<String, byte[]> configuration = new CaffeineConfiguration<>();
		configuration.setMaximumSize(OptionalLong.of(Load.MAXIMUM_KEYS));
		configuration.setExpireAfterAccess(OptionalLong.of(Duration.ofHours(1).toNanos()));
		return caches.createCache("buckets", configuration);
	}

}
