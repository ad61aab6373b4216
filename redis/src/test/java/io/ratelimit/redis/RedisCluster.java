package io.ratelimit.redis;

import java.time.Duration;
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
 * Three masters of a cluster, each in a process of its own, and a replica of each or
 * none.
 */
public final class RedisCluster implements AutoCloseable {

	private static final int MASTERS = 3;

	private final List<RedisServer> nodes = new ArrayList<>();

	private RedisCluster() {
	}

	/**
	 * Starts a cluster without replicas, and waits until every node says that it is
	 * whole.
	 */
	static RedisCluster start() {
		return start(MASTERS, Duration.ofSeconds(5));
	}

	/**
	 * Starts a cluster with a replica of each master, and waits until every node says
	 * that it is whole.
	 * @param nodeTimeout how long a node does not answer before it is replaced
	 * @return the running cluster
	 */
	public static RedisCluster startWithReplicas(Duration nodeTimeout) {
		return start(2 * MASTERS, nodeTimeout);
	}

	private static RedisCluster start(int nodes, Duration nodeTimeout) {
		RedisCluster cluster = new RedisCluster();
		RedisClient client = RedisClient.create();
		try {
			for (int i = 0; i < nodes; i++) {
				cluster.nodes.add(RedisServer.start("cluster-enabled yes", "repl-diskless-sync-delay 0",
						"cluster-node-timeout " + nodeTimeout.toMillis()));
			}
			List<StatefulRedisConnection<String, String>> connections = cluster.uris()
				.stream()
				.map((uri) -> client.connect(uri))
				.toList();
			for (int i = 0; i < MASTERS; i++) {
				int first = firstSlot(i);
				connections.get(i).sync().clusterSetConfigEpoch(i + 1);
				connections.get(i).sync().clusterAddSlots(IntStream.range(first, firstSlot(i + 1)).toArray());
			}
			for (int i = 1; i < nodes; i++) {
				connections.get(i).sync().clusterMeet("127.0.0.1", cluster.nodes.get(0).port());
			}
			Wait.until("nodes that know one another",
					() -> connections.stream().allMatch((connection) -> isWhole(connection, nodes)));
			for (int i = MASTERS; i < nodes; i++) {
				connections.get(i).sync().clusterReplicate(connections.get(i - MASTERS).sync().clusterMyId());
			}
			Wait.until("replicas that follow",
					() -> connections.stream().skip(MASTERS).allMatch(RedisCluster::isFollowing));
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

	/**
	 * Returns the servers: first those that are masters at the start, in the order of
	 * their slots, then their replicas in the same order.
	 * @return the servers
	 */
	public List<RedisServer> nodes() {
		return this.nodes;
	}

	/**
	 * Returns the URIs of the servers, in the same order.
	 * @return the URIs
	 */
	public List<RedisURI> uris() {
		return this.nodes.stream().map(RedisServer::uri).map(RedisURI::create).toList();
	}

	/**
	 * Returns the node that keeps a key at the start.
	 * @param key the key, as it stands in Redis
	 * @return its master
	 */
	public RedisServer nodeOf(String key) {
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

	private static boolean isWhole(StatefulRedisConnection<String, String> connection, int size) {
		String info = connection.sync().clusterInfo();
		String nodes = connection.sync().clusterNodes();
		return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:16384")
				&& info.contains("cluster_known_nodes:" + size) && !nodes.contains("handshake")
				&& !nodes.contains("disconnected");
	}

	private static boolean isFollowing(StatefulRedisConnection<String, String> connection) {
		return connection.sync().info("replication").contains("master_link_status:up");
	}

	private static int firstSlot(int node) {
		return node * SlotHash.SLOT_COUNT / MASTERS;
	}

}
