package io.ratelimit.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a store, and how it is replaced: in the background, by one attempt at
 * a time, each of which is abandoned after a few seconds. The former connection is used
 * until there is another one. Safe for use by many threads.
 */
/*
 * A client can take a minute to connect: for so long it waits by default for a server
 * that accepts connections and answers nothing. An attempt that was abandoned goes on in
 * its own thread, and a connection that it makes late is used if there is no other.
 */
final class Link implements AutoCloseable {

	/** Longest time that an attempt is waited for. */
	static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(4);

	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

	/**
	 * Most attempts that hang at a time. With the minute that a client waits by default
	 * it is never reached.
	 */
	private static final int MOST_RUNNING = 16;

	/** How long commands of a former connection may still be answered. */
	private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Connector connector;

	private final LongSupplier nanoTime;

	private volatile @Nullable Connection connection;

	/** The attempt that is under way; guarded by this. */
	private @Nullable CompletableFuture<Connection> attempt;

	/** Threads of attempts, the abandoned ones included; guarded by this. */
	private int running;

	/** When the next attempt may begin; guarded by this. */
	private long next;

	/** How long after the next one that fails; guarded by this. */
	private long pause = PAUSE_NANOS;

	/** Guarded by this. */
	private boolean closed;

	/**
	 * Creates a link without a connection.
	 */
	Link(Connector connector, LongSupplier nanoTime) {
		this.connector = connector;
		this.nanoTime = nanoTime;
		this.next = nanoTime.getAsLong();
	}

	/**
	 * Returns the connection, which may be lost.
	 */
	@Nullable Connection connection() {
		return this.connection;
	}

	/**
	 * Connects in the background, unless the last attempt has just ended.
	 */
	void renew() {
		if (isDue()) {
			CompletableFuture<Connection> unused = connect();
		}
	}

	/**
	 * Connects in the background. An attempt that is under way is joined.
	 */
	CompletableFuture<Connection> connect() {
		return connect(PATIENCE_NANOS);
	}

	/**
	 * Connects in the background.
	 * @param patienceNanos when to abandon an attempt that begins now
	 */
	synchronized CompletableFuture<Connection> connect(long patienceNanos) {
		if (this.closed) {
			return CompletableFuture.failedFuture(new RateLimitStoreException("the store is closed", null));
		}
		CompletableFuture<Connection> current = this.attempt;
		if (current != null) {
			return current;
		}
		if (this.running >= MOST_RUNNING) {
			return CompletableFuture.failedFuture(new RateLimitStoreException(Kind.CONNECTION,
					"Redis has left %s connections unanswered".formatted(this.running), null));
		}
		CompletableFuture<Connection> next = new CompletableFuture<>();
		this.attempt = next;
		this.running++;
		Connection former = this.connection;
		Thread thread = new Thread(() -> run(next, former), "ratelimit-redis-connect");
		thread.setDaemon(true);
		thread.start();
		CompletableFuture.delayedExecutor(patienceNanos, TimeUnit.NANOSECONDS)
			.execute(() -> failed(next, new RateLimitStoreException(Kind.CONNECTION,
					"Redis accepted no connection within " + TimeUnit.NANOSECONDS.toSeconds(patienceNanos) + " s",
					null)));
		return next;
	}

	@Override
	public void close() {
		Connection last;
		synchronized (this) {
			this.closed = true;
			last = this.connection;
			this.connection = null;
		}
		if (last != null) {
			last.close();
		}
	}

	private synchronized boolean isDue() {
		return this.attempt == null && this.nanoTime.getAsLong() - this.next >= 0;
	}

	private void run(CompletableFuture<Connection> attempt, @Nullable Connection former) {
		try {
			use(attempt, this.connector.connect(former));
		}
		catch (RuntimeException | Error ex) {
			failed(attempt, ex);
		}
		finally {
			synchronized (this) {
				this.running--;
			}
		}
	}

	private void use(CompletableFuture<Connection> attempt, Connection made) {
		Connection unused = made;
		synchronized (this) {
			this.pause = PAUSE_NANOS;
			end(attempt);
			Connection former = this.connection;
			boolean late = attempt.isDone() && former != null && !former.isLost();
			if (!late && !this.closed) {
				unused = former;
				this.connection = made;
			}
		}
		attempt.complete(made);
		if (unused != null) {
			Executor drained = (unused == made || unused.isLost()) ? Runnable::run
					: CompletableFuture.delayedExecutor(DRAIN_NANOS, TimeUnit.NANOSECONDS);
			drained.execute(unused::close);
		}
	}

	private void failed(CompletableFuture<Connection> attempt, Throwable failure) {
		synchronized (this) {
			if (end(attempt)) {
				this.pause = Math.min(2 * this.pause, LONGEST_PAUSE_NANOS);
			}
		}
		attempt.completeExceptionally(failure);
	}

	private synchronized boolean end(CompletableFuture<Connection> attempt) {
		boolean current = this.attempt == attempt;
		if (current) {
			this.attempt = null;
			this.next = this.nanoTime.getAsLong() + this.pause;
		}
		return current;
	}

	/**
	 * Creates connections.
	 */
	interface Connector {

		/**
		 * Creates a connection, which may take a while.
		 * @param former the connection that is replaced
		 * @throws RuntimeException if that fails, or a node that left commands of the
		 * former connection unanswered does not answer by the new one either
		 */
		Connection connect(@Nullable Connection former);

	}

}
