package io.ratelimit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.ratelimit.FailureMode;
import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitListener;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.RateLimits;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.testing.RedisServer;

/**
 * An application with one policy for each failure mode, whose client has no options and
 * whose store has the timeout that every store has.
 */
final class Application implements RateLimitListener, AutoCloseable {

	private final RedisClient client;

	private final RedisRateLimitStore store;

	private final CaffeineRateLimitStore local = CaffeineRateLimitStore.builder().build();

	private final Map<FailureMode, Limiter> limiters = new EnumMap<>(FailureMode.class);

	private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

	private final List<Kind> kinds = Collections.synchronizedList(new ArrayList<>());

	Application(RedisServer server, Limit limit) {
		this.client = RedisClient.create(server.uri());
		this.store = RedisRateLimitStore.builder(this.client).build();
		RateLimits registry = RateLimits.builder(this.store).local(this.local).listeners(List.of(this)).build();
		for (FailureMode mode : FailureMode.values()) {
			this.limiters.put(mode,
					registry.register(Policy.of(mode.name().toLowerCase(Locale.ROOT), limit).withFailureMode(mode)));
		}
	}

	Limiter limiter(FailureMode mode) {
		return this.limiters.get(mode);
	}

	RedisRateLimitStore store() {
		return this.store;
	}

	/**
	 * Returns what the listener has heard of failures.
	 */
	List<String> failures() {
		return List.copyOf(this.failures);
	}

	/**
	 * Returns of which kinds they were.
	 */
	List<Kind> kinds() {
		return List.copyOf(this.kinds);
	}

	/**
	 * Calls until the store fails.
	 */
	void awaitFailure() {
		Wait.until("a failure", () -> !isCounted());
	}

	/**
	 * Calls until the store counts again.
	 * @return how long that took
	 */
	Duration awaitCounting() {
		return Wait.until("an answer", this::isCounted);
	}

	private boolean isCounted() {
		int before = this.failures.size();
		limiter(FailureMode.ALLOW).tryAcquire("somebody else" + System.nanoTime());
		return this.failures.size() == before;
	}

	@Override
	public void onStoreFailure(RateLimitStoreException failure) {
		this.failures.add(String.valueOf(failure.getMessage()));
		this.kinds.add(failure.kind());
	}

	@Override
	public void close() {
		this.store.close();
		this.local.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
	}

}
