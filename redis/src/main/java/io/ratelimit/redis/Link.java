package io.ratelimit.redis;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.ratelimit.RateLimitStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a store, and how another one is made: in the background, one at a
 * time. Safe for use by many threads.
 */
final class Link implements AutoCloseable {

	private final Supplier<Connection> connector;

	private final Runnable connected;

	private volatile @Nullable Connection connection;

	/** The attempt that is going on; guarded by this. */
	private @Nullable CompletableFuture<Connection> attempt;

	/** Guarded by this. */
	private boolean closed;

	/**
	 * Makes a link without a connection.
	 * @param connector makes a connection, which may take a while
	 * @param connected told of every connection
	 */
	Link(Supplier<Connection> connector, Runnable connected) {
		this.connector = connector;
		this.connected = connected;
	}

	/**
	 * Returns the connection, which may be lost.
	 */
	@Nullable Connection connection() {
		return this.connection;
	}

	/**
	 * Connects on the calling thread.
	 */
	void connectHere() {
		use(this.connector.get());
	}

	/**
	 * Connects in the background, and then gives up the former connection. An attempt
	 * that is going on already is not repeated.
	 */
	synchronized CompletableFuture<Connection> connect() {
		if (this.closed) {
			return CompletableFuture.failedFuture(new RateLimitStoreException("the store is closed", null));
		}
		CompletableFuture<Connection> current = this.attempt;
		if (current != null) {
			return current;
		}
		CompletableFuture<Connection> next = new CompletableFuture<>();
		this.attempt = next;
		Thread thread = new Thread(() -> run(next), "ratelimit-redis-connect");
		thread.setDaemon(true);
		thread.start();
		return next;
	}

	@Override
	public void close() {
		Connection last;
		synchronized (this) {
			this.closed = true;
			last = this.connection;
		}
		if (last != null) {
			last.close();
		}
	}

	private void run(CompletableFuture<Connection> attempt) {
		try {
			Connection made = this.connector.get();
			use(made);
			attempt.complete(made);
		}
		catch (RuntimeException | Error ex) {
			synchronized (this) {
				this.attempt = null;
			}
			attempt.completeExceptionally(ex);
		}
	}

	private void use(Connection made) {
		Connection unused;
		synchronized (this) {
			this.attempt = null;
			unused = this.closed ? made : this.connection;
			this.connection = this.closed ? this.connection : made;
		}
		this.connected.run();
		if (unused != null) {
			unused.close();
		}
	}

}
