package io.ratelimit.redis;

import org.junit.jupiter.api.AutoClose;

/**
 * The store keeps the contract on a single server.
 */
class RedisRateLimitStoreContractTests extends RedisContract {

	@AutoClose
	private static final OpenServer server = new OpenServer();

	@Override
	RedisRateLimitStore.Builder builder() {
		return server.store();
	}

	@Override
	protected int claims() {
		return 60;
	}

}
