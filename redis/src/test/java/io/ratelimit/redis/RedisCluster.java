package io.ratelimit.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.ratelimit.testing.RedisServer;

/**
 * Three masters of a cluster, each in a process of its own, and no replicas.
 */
final class RedisCluster implements AutoCloseable {

	private static final int NODES = 3;

	private final List<RedisServer> nodes = new ArrayList<>();

	private RedisCluster() {
	}

	/**
	 * Starts a cluster, and waits until every node says that it is whole.
	 */
	static RedisCluster start() {
		RedisCluster cluster = new RedisCluster();
		RedisClient client = RedisClient.create();
		try {
			for (int i = 0; i < NODES; i++) {
				cluster.nodes.add(RedisServer.start("cluster-enabled yes", "cluster-node-timeout 5000"));
			}
			List<StatefulRedisConnection<String, String>> connections = cluster.uris()
				.stream()
				.map((uri) -> client.connect(uri))
				.toList();
			for (int i = 0; i < NODES; i++) {
				int first = firstSlot(i);
				connections.get(i).sync().clusterSetConfigEpoch(i + 1);
				connections.get(i).sync().clusterAddSlots(IntStream.range(first, firstSlot(i + 1)).toArray());
				if (i > 0) {
					connections.get(i).sync().clusterMeet("127.0.0.1", cluster.nodes.get(0).port());
				}
			}
			Wait.until("a cluster that is whole", () -> connections.stream().allMatch(RedisCluster::isWhole));
			return cluster;
		}
		catch (RuntimeException ex) {
			cluster.close();
			throw ex;
		}
		finally {
			client.shutdown(0, 1, TimeUnit.SECONDS);
		}
	}

	List<RedisServer> nodes() {
		return this.nodes;
	}

	List<RedisURI> uris() {
		return this.nodes.stream().map(RedisServer::uri).map(RedisURI::create).toList();
	}

	/**
	 * Returns the node that keeps a key.
	 */
	RedisServer nodeOf(String key) {
		int slot = Nodes.slotOf(key);
		int node = 0;
		while (slot >= firstSlot(node + 1)) {
			node++;
		}
		return this.nodes.get(node);
	}

	@Override
	public void close() {
		this.nodes.forEach(RedisServer::close);
	}

	private static boolean isWhole(StatefulRedisConnection<String, String> connection) {
		String info = connection.sync().clusterInfo();
		String nodes = connection.sync().clusterNodes();
		return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:16384")
				&& info.contains("cluster_known_nodes:" + NODES) && !nodes.contains("handshake")
				&& !nodes.contains("disconnected");
	}

	private static int firstSlot(int node) {
		return node * SlotHash.SLOT_COUNT / NODES;
	}

}
