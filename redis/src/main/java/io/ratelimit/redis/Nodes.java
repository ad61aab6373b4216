package io.ratelimit.redis;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster, as far as they answer. One that does not is left alone for a
 * while, and the others are not. Safe for use by many threads.
 */
final class Nodes {

	private final StatefulRedisClusterConnection<String, byte[]> connection;

	private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();

	Nodes(StatefulRedisClusterConnection<String, byte[]> connection) {
		this.connection = connection;
	}

	/**
	 * Returns the breaker of the node that keeps a key.
	 */
	Breaker of(String key) {
		RedisClusterNode node = this.connection.getPartitions().getPartitionBySlot(slotOf(key));
		String id = (node != null) ? node.getNodeId() : "";
		return this.breakers.computeIfAbsent(id, (unknown) -> new Breaker(System::nanoTime));
	}

	/**
	 * Returns the slot of a key, as the server computes it: of its name in UTF-8,
	 * whatever the platform's charset is.
	 */
	static int slotOf(String key) {
		return SlotHash.getSlot(key.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Tells a breaker how a command has ended. A node that answers with a failure
	 * answers.
	 */
	static <T> CompletableFuture<T> noted(Breaker breaker, CompletableFuture<T> answer) {
		return answer.whenComplete((answered, failure) -> {
			if (isAnswer(failure)) {
				breaker.succeeded();
			}
			else {
				breaker.failed();
			}
		});
	}

	private static boolean isAnswer(@Nullable Throwable failure) {
		return failure == null || failure instanceof RedisCommandExecutionException;
	}

}
