package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.ratelimit.RateLimitStoreException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the server, or to a cluster of them, with one flush for all who send at
 * the same time. Safe for use by many threads.
 */
/*
 * On a cluster every command is flushed by itself: one that waits for the connection to
 * its node, or that a node sends on to another, is written after the flush of the others.
 */
final class Connection implements AutoCloseable {

	private static final String NODE_PAUSED = "a node of Redis has failed several times in a row and has a pause";

	private final StatefulConnection<String, byte[]> connection;

	private final RedisClusterAsyncCommands<String, byte[]> commands;

	/** Those of a cluster. */
	private final @Nullable Nodes nodes;

	private final Unanswered unanswered;

	private final AtomicInteger unflushed = new AtomicInteger();

	/**
	 * Makes a connection.
	 * @param connection the client's
	 * @param commands its commands
	 * @param timeout longest time that anybody waits for an answer
	 */
	Connection(StatefulConnection<String, byte[]> connection, RedisClusterAsyncCommands<String, byte[]> commands,
			Duration timeout) {
		this.connection = connection;
		this.commands = commands;
		this.nodes = (connection instanceof StatefulRedisClusterConnection<String, byte[]> cluster) ? new Nodes(cluster)
				: null;
		this.unanswered = new Unanswered(timeout);
		connection.setAutoFlushCommands(this.nodes != null);
	}

	/**
	 * Sends a command, and with it those that others add meanwhile.
	 * @param keys the keys of the command, which stand in one slot
	 */
	<T> CompletableFuture<T> send(Function<RedisClusterAsyncCommands<String, byte[]>, RedisFuture<T>> command,
			String... keys) {
		try {
			if (this.nodes != null && keys.length > 0) {
				return sendToNode(this.nodes.of(keys[0]), command);
			}
			CompletableFuture<T> answer = added(command);
			flush();
			return answer;
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Gives up the commands that were not answered within the timeout.
	 */
	void withdrawOverdue() {
		this.unanswered.withdrawOverdue();
	}

	/**
	 * Returns whether all keys are in one place, so that claims on any of them can be
	 * decided in one call.
	 */
	boolean isSinglePlace() {
		return this.nodes == null;
	}

	/**
	 * Returns whether nobody is at the other end. Of a cluster this is not known until
	 * its client is shut down.
	 */
	boolean isLost() {
		return (this.nodes != null) ? isClosed() : !this.connection.isOpen();
	}

	@Override
	public void close() {
		if (!isClosed()) {
			this.connection.close();
		}
	}

	private boolean isClosed() {
		return this.connection instanceof RedisChannelHandler<?, ?> handler && handler.isClosed();
	}

	private <T> CompletableFuture<T> sendToNode(Breaker node,
			Function<RedisClusterAsyncCommands<String, byte[]>, RedisFuture<T>> command) {
		if (!node.admits()) {
			return CompletableFuture.failedFuture(new NotAskedException(Kind.NOT_ASKED, NODE_PAUSED));
		}
		return Nodes.noted(node, added(command));
	}

	private <T> CompletableFuture<T> added(
			Function<RedisClusterAsyncCommands<String, byte[]>, RedisFuture<T>> command) {
		RedisFuture<T> answer = command.apply(this.commands);
		this.unanswered.add(answer);
		return answer.toCompletableFuture();
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
