package io.ratelimit.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitListener;
import io.ratelimit.RateLimits;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.autoconfigure.RateLimitAutoConfiguration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * A policy of one limit: the store's limiter, the registry's around it, and that with the
 * counts that meters read.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by JMH
public class Ratelimit {

	private BoundPolicy limiter;

	private Limiter registered;

	private Limiter counted;

	@Setup
	public void setUp(Load load) {
		CaffeineRateLimitStore store = CaffeineRateLimitStore.builder().maximumKeys(Load.MAXIMUM_KEYS).build();
		Policy policy = Policy.of("api", Limit.of(load.permits(), load.window()));
		this.limiter = store.bind(policy);
		this.registered = RateLimits.builder(store).build().register(policy);
		this.counted = RateLimits.builder(store).listeners(List.of(counts())).build().register(policy);
		load.fill(this.limiter::tryAcquire);
	}

	/**
	 * Returns the counts as an application has them.
	 */
	private static RateLimitListener counts() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
				RateLimitAutoConfiguration.class)) {
			return context.getBean("io.ratelimit.decisionCounts", RateLimitListener.class);
		}
	}

	@TearDown(Level.Iteration)
	public void check(Load load) {
		load.check((key) -> this.limiter.peek(key).allowed());
	}

	@Benchmark
	public boolean allowed(Cursor cursor) {
		return this.limiter.tryAcquire(cursor.next(), 1).allowed();
	}

	@Benchmark
	public Decision decision(Cursor cursor) {
		return this.limiter.tryAcquire(cursor.next(), 1);
	}

	@Benchmark
	public Decision registry(Cursor cursor) {
		return this.registered.tryAcquire(cursor.next(), 1);
	}

	@Benchmark
	public Decision registryCounted(Cursor cursor) {
		return this.counted.tryAcquire(cursor.next(), 1);
	}

}
