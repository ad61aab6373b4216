package io.ratelimit.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;

/**
 * A connection to the server, or to a cluster of them, with one flush for all who send at
 * the same time. Safe for use by many threads.
 */
/*
 * On a cluster every command is flushed by itself: one that waits for the connection to
 * its node, or that a node sends on to another, is written after the flush of the others.
 */
final class Connection implements AutoCloseable {

	private final StatefulConnection<String, byte[]> connection;

	private final RedisClusterAsyncCommands<String, byte[]> commands;

	private final boolean cluster;

	private final Nodes nodes;

	private final Unanswered unanswered;

	private final AtomicInteger unflushed = new AtomicInteger();

	private final AtomicBoolean watched = new AtomicBoolean();

	/**
	 * Creates a connection.
	 * @param connection the client's
	 * @param commands its commands
	 * @param timeout longest time that anybody waits for an answer
	 */
	Connection(StatefulConnection<String, byte[]> connection, RedisClusterAsyncCommands<String, byte[]> commands,
			Duration timeout) {
		this.connection = connection;
		this.commands = commands;
		this.cluster = connection instanceof StatefulRedisClusterConnection;
		this.nodes = new Nodes(
				(connection instanceof StatefulRedisClusterConnection<String, byte[]> nodes) ? nodes : null,
				System::nanoTime);
		this.unanswered = new Unanswered(timeout);
		connection.setAutoFlushCommands(this.cluster);
	}

	/**
	 * Sends a command, and with it those that other threads add meanwhile.
	 * @param attempt the attempt at asking the node that keeps the command's keys
	 */
	<T> CompletableFuture<T> send(Node.Attempt attempt,
			Function<RedisClusterAsyncCommands<String, byte[]>, RedisFuture<T>> command) {
		return send(command).whenComplete((answered, failure) -> attempt.ended(failure));
	}

	private <T> CompletableFuture<T> send(Function<RedisClusterAsyncCommands<String, byte[]>, RedisFuture<T>> command) {
		try {
			RedisFuture<T> sent = command.apply(this.commands);
			this.unanswered.add(sent);
			if (!this.cluster) {
				flush();
			}
			return sent.toCompletableFuture();
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Returns the nodes at the other end.
	 */
	Nodes nodes() {
		return this.nodes;
	}

	/**
	 * Has a node of the cluster answer by this connection. The client has one for the
	 * node's address, by which commands with keys go, and would make another for its id.
	 * @param node the node's id
	 * @return fails if the node is part of the cluster and does not answer
	 */
	CompletableFuture<?> reach(String node) {
		if (!(this.connection instanceof StatefulRedisClusterConnection<String, byte[]> cluster)) {
			return CompletableFuture.completedFuture(null);
		}
		RedisClusterNode known = cluster.getPartitions().getPartitionByNodeId(node);
		if (known == null) {
			return CompletableFuture.completedFuture(null);
		}
		RedisURI uri = known.getUri();
		return cluster.getConnectionAsync(uri.getHost(), uri.getPort())
			.thenCompose((connection) -> connection.async().ping())
			.orTimeout(Link.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
	}

	/**
	 * Asks the nodes that have not answered since a command failed.
	 * @return whether there is one
	 */
	boolean probe() {
		if (!this.cluster) {
			Node only = this.nodes.ofNoKey();
			if (only.isUnanswered()) {
				heard(send(RedisClusterAsyncCommands::ping), only::heard);
			}
			return only.isUnanswered();
		}
		List<String> unanswered = this.nodes.unanswered();
		unanswered.forEach((node) -> heard(reach(node), () -> this.nodes.heard(node)));
		return !unanswered.isEmpty();
	}

	/**
	 * Begins to watch the connection.
	 * @return whether it was not watched before
	 */
	boolean watch() {
		return this.watched.compareAndSet(false, true);
	}

	void unwatch() {
		this.watched.set(false);
	}

	private static void heard(CompletableFuture<?> answer, Runnable action) {
		CompletableFuture<?> unused = answer.whenComplete((answered, failure) -> {
			if (failure == null || Failure.isAnswer(failure)) {
				action.run();
			}
		});
	}

	/**
	 * Cancels a few of the commands that were not answered within the timeout.
	 */
	void withdrawSome() {
		this.unanswered.withdrawSome();
	}

	/**
	 * Cancels all commands that were not answered within the timeout.
	 */
	void withdrawOverdue() {
		this.unanswered.withdrawOverdue();
	}

	/**
	 * Returns whether all keys are in one place, so that claims on any of them can be
	 * decided in one call.
	 */
	boolean isSinglePlace() {
		return !this.cluster;
	}

	/**
	 * Returns whether the connection is closed. Of a cluster this is not known until its
	 * client is shut down.
	 */
	boolean isLost() {
		return this.cluster ? isClosed() : !this.connection.isOpen();
	}

	@Override
	public void close() {
		if (!isClosed()) {
			this.connection.close();
		}
	}

	/**
	 * Returns whether the connection was closed on this side, with its client for one.
	 */
	boolean isClosed() {
		return this.connection instanceof RedisChannelHandler<?, ?> handler && handler.isClosed();
	}

	private void flush() {
		if (this.unflushed.getAndIncrement() == 0) {
			int flushed;
			do {
				flushed = this.unflushed.get();
				try {
					this.connection.flushCommands();
				}
				catch (RuntimeException ex) {
					this.unflushed.set(0);
					throw ex;
				}
			}
			while (this.unflushed.addAndGet(-flushed) > 0);
		}
	}

}
