package io.ratelimit.redis;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import org.jspecify.annotations.Nullable;

/**
 * The nodes at the other end of a connection: one, or those of a cluster. Safe for use by
 * many threads.
 */
final class Nodes {

	private static final String ONLY = "";

	private final @Nullable StatefulRedisClusterConnection<String, byte[]> cluster;

	private final LongSupplier nanoTime;

	private final Node only;

	private final Map<String, Node> nodes = new ConcurrentHashMap<>();

	/**
	 * Creates nodes.
	 * @param cluster a connection to a cluster, {@code null} for a single server
	 */
	Nodes(@Nullable StatefulRedisClusterConnection<String, byte[]> cluster, LongSupplier nanoTime) {
		this.cluster = cluster;
		this.nanoTime = nanoTime;
		this.only = new Node(nanoTime);
		this.nodes.put(ONLY, this.only);
	}

	/**
	 * Returns the node that keeps a key. Of a cluster whose client does not know which
	 * one that is, this is the same for all such keys.
	 */
	Node of(String key) {
		if (this.cluster == null) {
			return this.only;
		}
		RedisClusterNode node = this.cluster.getPartitions().getPartitionBySlot(slotOf(key));
		return (node != null) ? of(node) : this.only;
	}

	/**
	 * Returns the node for commands without a key.
	 */
	Node ofNoKey() {
		return this.only;
	}

	/**
	 * Returns whether any node that keeps keys is silent.
	 */
	boolean isAnySilent() {
		return this.only.isSilent() || (this.cluster != null && !silent().isEmpty());
	}

	/**
	 * Returns the ids of the nodes of a cluster that keep keys and are silent.
	 */
	List<String> silent() {
		return ids(Node::isSilent);
	}

	/**
	 * Returns the ids of the nodes of a cluster that keep keys and have not answered
	 * since a command failed.
	 */
	List<String> unanswered() {
		return ids(Node::isUnanswered);
	}

	/**
	 * Notes that a node has answered what was no attempt.
	 * @param node the node's id
	 */
	void heard(String node) {
		Node known = this.nodes.get(node);
		if (known != null) {
			known.heard();
		}
	}

	private List<String> ids(Predicate<Node> filter) {
		return (this.cluster == null) ? List.of()
				: this.cluster.getPartitions()
					.stream()
					.filter((node) -> !node.hasNoSlots() && filter.test(of(node)))
					.map(RedisClusterNode::getNodeId)
					.toList();
	}

	private Node of(RedisClusterNode node) {
		return this.nodes.computeIfAbsent(node.getNodeId(), (unknown) -> new Node(this.nanoTime));
	}

	/**
	 * Returns the slot of a key, as the server computes it: of the bytes that are sent.
	 */
	static int slotOf(String key) {
		return SlotHash.getSlot(KeyCodec.bytes(key));
	}

}
