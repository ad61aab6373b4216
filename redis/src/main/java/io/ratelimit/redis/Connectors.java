package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;

/**
 * How Lettuce connects to Redis in each of its kinds.
 */
final class Connectors {

	private Connectors() {
	}

	/**
	 * Returns what connects to a single server, or to the one that Sentinel names.
	 * @param clients asked for a client for each connection
	 * @param timeout the timeout of the store
	 */
	static Link.Connector single(Supplier<RedisClient> clients, Duration timeout) {
		return (former) -> {
			StatefulRedisConnection<String, byte[]> connection = clients.get().connect(KeyCodec.INSTANCE);
			return new Connection(connection, connection.async(), timeout);
		};
	}

	/**
	 * Returns what connects to a cluster: to the nodes as they are now, and to those at
	 * once that have been silent, so that the first call does not wait for them.
	 * @param clients asked for a client for each connection
	 * @param timeout the timeout of the store
	 */
	static Link.Connector cluster(Supplier<RedisClusterClient> clients, Duration timeout) {
		return (former) -> {
			RedisClusterClient client = clients.get();
			if (former != null && !former.isLost()) {
				CompletionStage<Void> unused = client.refreshPartitionsAsync();
			}
			StatefulRedisClusterConnection<String, byte[]> connection = client.connect(KeyCodec.INSTANCE);
			Connection made = new Connection(connection, connection.async(), timeout);
			try {
				if (former != null) {
					former.nodes().silent().forEach((node) -> made.reach(node).join());
				}
				return made;
			}
			catch (RuntimeException ex) {
				made.close();
				throw ex;
			}
		};
	}

}
