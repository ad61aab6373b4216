package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.lettuce.core.cluster.RedisClusterClient;
import io.ratelimit.RateLimitStore;
import io.ratelimit.tck.ContractClock;
import io.ratelimit.tck.RateLimitStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The store keeps the contract on a cluster of three masters, where the claims of a batch
 * mostly stand in different slots.
 */
@Execution(ExecutionMode.CONCURRENT)
class RedisClusterContractTests extends RateLimitStoreContract {

	private static final AtomicInteger stores = new AtomicInteger();

	private static RedisCluster cluster;

	private static RedisClusterClient client;

	private final ServerClock clock = new ServerClock();

	@BeforeAll
	static void start() {
		cluster = RedisCluster.start();
		client = RedisClusterClient.create(cluster.uris());
	}

	@AfterAll
	static void stop() {
		client.shutdown(0, 1, TimeUnit.SECONDS);
		cluster.close();
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
		return 30;
	}

}
