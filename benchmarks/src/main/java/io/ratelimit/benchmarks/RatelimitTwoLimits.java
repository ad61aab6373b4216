package io.ratelimit.benchmarks;

import java.util.concurrent.TimeUnit;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A policy of two limits, as {@code 10/1s, 1000/1h} is one.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by JMH
public class RatelimitTwoLimits {

	private BoundPolicy limiter;

	@Setup
	public void setUp(Load load) {
		this.limiter = CaffeineRateLimitStore.builder()
			.maximumKeys(Load.MAXIMUM_KEYS)
			.build()
			.bind(Policy.of("api", Limit.of(load.permits(), load.window()),
					Limit.of(load.permits(), load.window().multipliedBy(2))));
		load.fill(this.limiter::tryAcquire);
	}

	@TearDown(Level.Iteration)
	public void check(Load load) {
		load.check((key) -> this.limiter.peek(key).allowed());
	}

	@Benchmark
	public Decision decision(Cursor cursor) {
		return this.limiter.tryAcquire(cursor.next(), 1);
	}

}
