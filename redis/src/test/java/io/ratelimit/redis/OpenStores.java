package io.ratelimit.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import io.ratelimit.Limit;
import io.ratelimit.Policy;

/**
 * Stores of a server that begins without keys, and what they ask it.
 */
final class OpenStores implements AutoCloseable {

	private final OpenServer server;

	private final List<RedisRateLimitStore> stores = new ArrayList<>();

	OpenStores(OpenServer server) {
		this.server = server.emptied();
	}

	RedisRateLimitStore store(LongSupplier clock) {
		return opened(this.server.store().clock(clock));
	}

	RedisRateLimitStore store(long lease) {
		return opened(this.server.store().lease(lease));
	}

	RedisRateLimitStore opened(RedisRateLimitStore.Builder builder) {
		RedisRateLimitStore store = builder.build();
		this.stores.add(store);
		return store;
	}

	long calls() {
		return this.server.calls("evalsha");
	}

	static Policy policy(String limit) {
		return Policy.of("api", Limit.valueOf(limit));
	}

	@Override
	public void close() {
		this.stores.forEach(RedisRateLimitStore::close);
	}

}
