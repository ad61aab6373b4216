package io.ratelimit.benchmarks;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The parts that a decision is made of, each for itself; see {@link Floor} for more.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Parts {

	private final AtomicLong one = new AtomicLong();

	private final ConcurrentMap<String, AtomicLong> map = new ConcurrentHashMap<>();

	@Setup
	public void setUp(Load load) {
		load.fill((key, permits) -> this.map.put(key, new AtomicLong()));
	}

	@Benchmark
	public long clock() {
		return System.nanoTime();
	}

	@Benchmark
	public boolean compareAndSet() {
		long seen = this.one.get();
		return this.one.compareAndSet(seen, seen + 1);
	}

	@Benchmark
	public @Nullable AtomicLong mapGet(Cursor cursor) {
		return this.map.get(cursor.next());
	}

}
