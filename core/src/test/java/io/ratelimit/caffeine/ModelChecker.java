package io.ratelimit.caffeine;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.ratelimit.BoundClaim;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * A model checker that tries the interleavings of short scenarios, and looks for an order
 * that explains what each thread was told; it finds circles of waiting threads too.
 */
/*
 * The checker knows nothing of weak memory: that is the stress tests' affair. It
 * interleaves threads of its own only, so the caches do their maintenance in the thread
 * that uses them. Its random scenarios are the same in every run. How many there are is
 * what it took to catch the faults that are listed in the docs, and some more.
 */
final class ModelChecker {

	static final Policy ONE = Policy.of("api", Limit.valueOf("1/1m"));

	static final Policy THREE = Policy.of("api", Limit.valueOf("3/1m"));

	static final StoreClock CLOCK = new StoreClock(() -> 0, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

	static final Decision GRANTED = Decision.allowed(THREE, THREE.limits().get(0), 0, 0, 0, CLOCK.now());

	private ModelChecker() {
	}

	static void check(Class<?> concurrent, Class<?> sequential, int scenarios, int interleavings) {
		new ModelCheckingOptions().threads(2)
			.actorsBefore(0)
			.actorsPerThread(2)
			.actorsAfter(2)
			.iterations(scenarios)
			.invocationsPerIteration(interleavings)
			.sequentialSpecification(sequential)
			.check(concurrent);
	}

	static CaffeinePolicy limiter(Policy policy, int ordinal) {
		return limiter(policy, ordinal, Caffeine::newBuilder);
	}

	static CaffeinePolicy limiter(Policy policy, int ordinal, Supplier<Caffeine<Object, Object>> builder) {
		return new CaffeinePolicy(policy, ordinal, CLOCK,
				(counter) -> new Cells(counter, CLOCK, builder.get().executor(Runnable::run), 100, (atLimit) -> {
				}), new BoundPolicies());
	}

	static Batch batch(CaffeinePolicy first, CaffeinePolicy second) {
		return new Batch(List.of(BoundClaim.of(first, "k", 1), BoundClaim.of(second, "k", 1)));
	}

	static long told(Decision decision) {
		return decision.allowed() ? decision.remaining() : -1 - decision.remaining();
	}

}
