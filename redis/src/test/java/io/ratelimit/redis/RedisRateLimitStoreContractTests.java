package io.ratelimit.redis;

import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The store keeps the contract on a single server.
 */
class RedisRateLimitStoreContractTests extends RedisContract {

	private static RedisServer server;

	private static RedisClient client;

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
	RedisRateLimitStore.Builder builder() {
		return RedisRateLimitStore.builder(client);
	}

	@Override
	protected int claims() {
		return 60;
	}

}
