package io.ratelimit.redis;

import java.util.concurrent.TimeUnit;

import io.lettuce.core.cluster.RedisClusterClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The store keeps the contract on a cluster of three masters, where the claims of a batch
 * mostly stand in different slots.
 */
class RedisClusterContractTests extends RedisContract {

	private static RedisCluster cluster;

	private static RedisClusterClient client;

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
	RedisRateLimitStore.Builder builder() {
		return RedisRateLimitStore.builder(client);
	}

	@Override
	protected int claims() {
		return 30;
	}

}
