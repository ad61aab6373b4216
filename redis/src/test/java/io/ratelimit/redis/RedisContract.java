package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.ratelimit.RateLimitStore;
import io.ratelimit.tck.ContractClock;
import io.ratelimit.tck.RateLimitStoreContract;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The contract, over calls that take longer than in process: each law is tried with a few
 * traces.
 */
@Execution(ExecutionMode.CONCURRENT)
abstract class RedisContract extends RateLimitStoreContract {

	private static final AtomicInteger stores = new AtomicInteger();

	private final ServerClock clock = new ServerClock();

	/**
	 * Starts to build a store.
	 */
	abstract RedisRateLimitStore.Builder builder();

	@Override
	protected final ContractClock clock() {
		return this.clock;
	}

	@Override
	protected final RateLimitStore createStore() {
		return builder().keyPrefix("store" + stores.incrementAndGet() + ":")
			.timeout(Duration.ofSeconds(10))
			.script(TestScript.turnedBy(this.clock))
			.clock(this.clock::nanos)
			.build();
	}

	@Override
	protected final int traces() {
		return 1;
	}

}
