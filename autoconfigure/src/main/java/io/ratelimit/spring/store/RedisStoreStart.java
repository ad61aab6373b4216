package io.ratelimit.spring.store;

import java.time.Duration;
import java.util.Set;

import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Connects the store before the first request comes, and watches it; also where an
 * application was stopped and is started again. A server that cannot be reached does not
 * keep the application from starting; one that turns the application away does.
 */
final class RedisStoreStart implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(RedisStoreStart.class);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	/** What Redis says to those who have no right to ask. */
	private static final Set<String> TURNED_AWAY = Set.of("NOAUTH", "WRONGPASS", "NOPERM");

	private final RateLimits limits;

	private final @Nullable RedisStoreClient client;

	private final StoreWatch watch;

	private final boolean enabled;

	private volatile boolean running;

	RedisStoreStart(RateLimits limits, @Nullable RedisStoreClient client, StoreWatch watch, boolean enabled) {
		this.limits = limits;
		this.watch = watch;
		this.client = client;
		this.enabled = enabled;
	}

	@Override
	public void start() {
		if (this.client != null) {
			this.client.start();
		}
		if (this.enabled) {
			connect();
			this.watch.start();
		}
		this.running = true;
	}

	@Override
	public void stop() {
		this.watch.stop();
		if (this.client != null) {
			this.client.stop();
		}
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Right after connection factories, and long before web servers.
	 */
	@Override
	public int getPhase() {
		return 1;
	}

	private void connect() {
		try {
			this.limits.ping(PATIENCE);
		}
		catch (RateLimitStoreException ex) {
			Throwable root = root(ex);
			String reason = String.valueOf(root.getMessage());
			if (TURNED_AWAY.contains(reason.split(" ", 2)[0])) {
				throw new InvalidRateLimitException("ratelimit.store", "Redis turns the application away: " + reason,
						"Correct spring.data.redis.username and spring.data.redis.password, or the rights of that user: "
								+ "it runs scripts, and reads, writes and deletes keys that begin with ratelimit.redis.key-prefix.");
			}
			if (root instanceof IllegalStateException) {
				throw new InvalidRateLimitException("ratelimit.store",
						"the connection factory has no client that can connect by itself: " + reason,
						"Use a single server, Sentinel or a cluster; static replicas have no such client.");
			}
			logger.warn("Redis cannot be asked ({}): the application starts, and until Redis answers policies act by "
					+ "their failure mode: with 'allow', the default, nothing is limited, with 'deny' everything is "
					+ "refused, with 'local' each instance counts for itself", ex.getMessage());
		}
	}

	private static Throwable root(Throwable failure) {
		Throwable root = failure;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			root = cause;
		}
		return root;
	}

}
