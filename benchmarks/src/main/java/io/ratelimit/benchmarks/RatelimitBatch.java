package io.ratelimit.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
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
 * Several policies of one limit each that apply to one request, all or nothing. The
 * claims are made anew each time, as for a request.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by JMH
public class RatelimitBatch {

	private RateLimitStore store;

	private BoundPolicy first;

	private BoundPolicy second;

	private BoundPolicy third;

	@Setup
	public void setUp(Load load) {
		this.store = CaffeineRateLimitStore.builder().maximumKeys(Load.MAXIMUM_KEYS).build();
		Limit limit = Limit.of(load.permits(), load.window());
		this.first = this.store.bind(Policy.of("first", limit));
		this.second = this.store.bind(Policy.of("second", limit));
		this.third = this.store.bind(Policy.of("third", limit));
		for (BoundPolicy policy : List.of(this.first, this.second, this.third)) {
			load.fill(policy::tryAcquire);
		}
	}

	@TearDown(Level.Iteration)
	public void check(Load load) {
		load.check((key) -> this.first.peek(key).allowed());
	}

	@Benchmark
	public List<Decision> twoClaims(Cursor cursor) {
		String key = cursor.next();
		return this.store.tryAcquireAll(List.of(BoundClaim.of(this.first, key, 1), BoundClaim.of(this.second, key, 1)));
	}

	@Benchmark
	public List<Decision> threeClaims(Cursor cursor) {
		String key = cursor.next();
		return this.store.tryAcquireAll(List.of(BoundClaim.of(this.first, key, 1), BoundClaim.of(this.second, key, 1),
				BoundClaim.of(this.third, key, 1)));
	}

}
