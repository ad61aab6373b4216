package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.lettuce.core.RedisClient;
import io.ratelimit.RateLimitStore;
import io.ratelimit.tck.ContractClock;
import io.ratelimit.tck.RateLimitStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The store keeps the contract on a single server.
 */
@Execution(ExecutionMode.CONCURRENT)
class RedisRateLimitStoreContractTests extends RateLimitStoreContract {

	private static final AtomicInteger stores = new AtomicInteger();

	private static RedisServer server;

	private static RedisClient client;

	private final ServerClock clock = new ServerClock();

	@BeforeAll
	static void start() {
		server = RedisServer.start();
		client = RedisClient.create(server.uri());
	}

	@AfterAll
	static void stop() {
		client.shutdown(0, 1, TimeUnit.SECONDS);
		server.close();
	}

	@Override
	protected ContractClock clock() {
		return this.clock;
	}

	@Override
	protected RateLimitStore createStore() {
		return RedisRateLimitStore.builder(client)
			.keyPrefix("store" + stores.incrementAndGet() + ":")
			.timeout(Duration.ofSeconds(10))
			.script(TestScript.turnedBy(this.clock))
			.clock(this.clock::nanos)
			.build();
	}

	@Override
	protected int traces() {
		return 1;
	}

	@Override
	protected int claims() {
		return 60;
	}

}
