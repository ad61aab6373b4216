package io.ratelimit.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The lower bound of limiting a bounded number of keys in process.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Floor {

	private final Cache<String, AtomicLong> cache = Caffeine.newBuilder().maximumSize(Load.MAXIMUM_KEYS).build();

	@Setup
	public void setUp(Load load) {
		load.fill((key, permits) -> this.cache.put(key, new AtomicLong()));
	}

	@Benchmark
	public @Nullable AtomicLong cacheGet(Cursor cursor) {
		return this.cache.getIfPresent(cursor.next());
	}

	/**
	 * Look-up, clock and compare-and-set: what the other rows are compared with.
	 */
	@Benchmark
	public boolean floor(Cursor cursor) {
		AtomicLong cell = this.cache.getIfPresent(cursor.next());
		if (cell == null) {
			throw new IllegalStateException("a key was lost");
		}
		long seen = cell.get();
		return cell.compareAndSet(seen, System.nanoTime());
	}

}
