package io.ratelimit.redis;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;

/**
 * Counts permits in Redis 6.2 or later, a single server, one behind Sentinel or a
 * cluster, by the server's clock. A decision is one call of a script, whatever the number
 * of limits; on a cluster several claims take one call for each slot, all at the same
 * time. Safe for use by many threads.
 *
 * <p>
 * Redis counts in microseconds: a limit whose window or longest wait is not a whole
 * number of them is refused, and so is a bucket whose numbers leave the 52 bits that a
 * script calculates exactly.
 *
 * <p>
 * Every call takes the timeout at most. After five failures in a row the server is not
 * asked for a while; the calls of that time fail at once. A connection that is lost then
 * is replaced.
 */
public final class RedisRateLimitStore implements RateLimitStore {

	/**
	 * What every key in Redis begins with, unless the builder says otherwise.
	 */
	public static final String DEFAULT_KEY_PREFIX = "ratelimit:";

	/**
	 * Longest time that a call takes, unless the builder says otherwise.
	 */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(50);

	/** Ignores how long calls took. */
	static final LongConsumer NOBODY = (nanos) -> {
	};

	private final Server server;

	private final boolean cluster;

	private final String keyPrefix;

	private final long lease;

	private final LongSupplier nanoTime;

	private RedisRateLimitStore(Builder builder) {
		this.lease = builder.lease;
		this.nanoTime = builder.nanoTime;
		this.keyPrefix = builder.keyPrefix;
		this.cluster = builder.cluster;
		this.server = new Server(builder.connector.apply(builder.timeout), builder.script, builder.timeout,
				builder.nanoTime, builder.calls);
		if (!builder.lazy) {
			this.server.connect();
		}
	}

	/**
	 * Starts to build a store on a single server, or on one that is found by Sentinel.
	 * @param client the client, which stays the caller's to shut down
	 * @return a builder
	 */
	public static Builder builder(RedisClient client) {
		Objects.requireNonNull(client, "client");
		return new Builder((timeout) -> Connectors.single(() -> client, timeout), false, false);
	}

	/**
	 * Starts to build a store on a cluster.
	 * @param client the client, which stays the caller's to shut down
	 * @return a builder
	 */
	public static Builder builder(RedisClusterClient client) {
		Objects.requireNonNull(client, "client");
		return new Builder((timeout) -> Connectors.cluster(() -> client, timeout), true, false);
	}

	/**
	 * Starts to build a store on a single server, or on one that is found by Sentinel,
	 * that need not be there yet. Until there is a connection, calls fail at once and one
	 * is made in the background.
	 * @param clients asked for a client for each connection; those stay the caller's to
	 * shut down
	 * @return a builder
	 */
	public static Builder lazyBuilder(Supplier<RedisClient> clients) {
		Objects.requireNonNull(clients, "clients");
		return new Builder((timeout) -> Connectors.single(clients, timeout), false, true);
	}

	/**
	 * Starts to build a store on a cluster that need not be there yet. Until there is a
	 * connection, calls fail at once and one is made in the background.
	 * @param clients asked for a client for each connection; those stay the caller's to
	 * shut down
	 * @return a builder
	 */
	public static Builder lazyClusterBuilder(Supplier<RedisClusterClient> clients) {
		Objects.requireNonNull(clients, "clients");
		return new Builder((timeout) -> Connectors.cluster(clients, timeout), true, true);
	}

	/**
	 * Runs the script without counting anything, writes a key that expires at once, and
	 * connects before where there is no connection.
	 * @param patience longest time that all may take
	 * @return {@code true}
	 * @throws io.ratelimit.RateLimitStoreException if they take longer, or fail
	 */
	@Override
	public boolean ping(Duration patience) {
		this.server.ping(this.keyPrefix + "ping", patience);
		return true;
	}

	@Override
	public void check(Policy policy) {
		EncodedPolicy.of(policy);
	}

	@Override
	public BoundPolicy bind(Policy policy) {
		return new RedisPolicy(this.server, this.keyPrefix, this.lease, this.nanoTime, EncodedPolicy.of(policy));
	}

	@Override
	public List<Decision> tryAcquireAll(List<BoundClaim> claims) {
		if (claims.size() == 1) {
			BoundClaim claim = claims.get(0);
			return List.of(claim.policy().tryAcquire(claim.key(), claim.permits()));
		}
		Batch batch = new Batch(this.server, claims, this.cluster);
		List<Decision> refused = batch.refused();
		return (refused != null) ? refused : this.server.await(batch.decide());
	}

	@Override
	public CompletionStage<List<Decision>> tryAcquireAllAsync(List<BoundClaim> claims) {
		if (claims.size() == 1) {
			BoundClaim claim = claims.get(0);
			return claim.policy()
				.tryAcquireAsync(claim.key(), claim.permits())
				.thenApply((decision) -> List.of(decision));
		}
		Batch batch = new Batch(this.server, claims, this.cluster);
		List<Decision> refused = batch.refused();
		return (refused != null) ? CompletableFuture.completedStage(refused) : this.server.inTime(batch.decide());
	}

	@Override
	public void close() {
		this.server.close();
	}

	/**
	 * Builds a {@link RedisRateLimitStore}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final Function<Duration, Link.Connector> connector;

		private final boolean cluster;

		private final boolean lazy;

		private String keyPrefix = DEFAULT_KEY_PREFIX;

		private Duration timeout = DEFAULT_TIMEOUT;

		private long lease;

		private Script script = Script.DECIDE;

		private LongSupplier nanoTime = System::nanoTime;

		private LongConsumer calls = NOBODY;

		private Builder(Function<Duration, Link.Connector> connector, boolean cluster, boolean lazy) {
			this.connector = connector;
			this.cluster = cluster;
			this.lazy = lazy;
		}

		/**
		 * Sets what every key in Redis begins with.
		 * @param keyPrefix the prefix, without braces: what stands in braces decides
		 * where a cluster keeps a key
		 * @return this builder
		 */
		public Builder keyPrefix(String keyPrefix) {
			if (keyPrefix.indexOf('{') >= 0 || keyPrefix.indexOf('}') >= 0) {
				throw new IllegalArgumentException(
						"a key prefix of '%s': it must be without braces, which decide where a cluster keeps a key"
							.formatted(keyPrefix));
			}
			this.keyPrefix = keyPrefix;
			return this;
		}

		/**
		 * Sets the longest time that a call may take.
		 * @param timeout the time, longer than zero
		 * @return this builder
		 */
		public Builder timeout(Duration timeout) {
			if (timeout.isZero() || timeout.isNegative()) {
				throw new IllegalArgumentException("a timeout of %s: it must be longer than zero".formatted(timeout));
			}
			this.timeout = timeout;
			return this;
		}

		/**
		 * Sets how many permits of a key that is in heavy use may be taken in one call
		 * and spent here without one. A lease ends with the segment of the window that it
		 * was taken in, and what is left of it then is given up: the limit holds as
		 * strictly, but not all of it may be used, and others may find less of it. Limits
		 * that are counted exactly, and buckets, are never leased.
		 * @param permits most permits of a lease; without leases, which is the default, 0
		 * @return this builder
		 */
		public Builder lease(long permits) {
			if (permits < 0) {
				throw new IllegalArgumentException("a lease of %s permits: it must be 0 or more".formatted(permits));
			}
			this.lease = permits;
			return this;
		}

		/**
		 * Sets a callback for how long each call of the server took, in nanoseconds,
		 * whether it was answered, failed or was given up. A call can carry many claims,
		 * and a decision can do without one. Called on the client's threads.
		 * @param calls the callback
		 * @return this builder
		 */
		public Builder onCall(LongConsumer calls) {
			this.calls = Objects.requireNonNull(calls, "calls");
			return this;
		}

		/**
		 * Sets another script, that takes its time from a test.
		 */
		Builder script(Script script) {
			this.script = script;
			return this;
		}

		/**
		 * Sets another clock in the place of this machine's, that a test turns.
		 */
		Builder clock(LongSupplier nanoTime) {
			this.nanoTime = nanoTime;
			return this;
		}

		/**
		 * Builds the store, and connects unless it is a lazy one.
		 * @return a new store
		 * @throws io.lettuce.core.RedisException if there is no connection
		 * @throws io.ratelimit.RateLimitStoreException if there was no answer for ten
		 * seconds
		 */
		public RedisRateLimitStore build() {
			return new RedisRateLimitStore(this);
		}

	}

}
