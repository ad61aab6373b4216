package io.ratelimit.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Stores, and servers that come and go.
 */
class ConnectingTests {

	private static final Policy POLICY = Policy.of("api", List.of(Limit.valueOf("5/1h")));

	private static final Duration LONG = Duration.ofSeconds(10);

	private final AtomicReference<RedisClient> client = new AtomicReference<>();

	private RedisServer server;

	@BeforeEach
	void start() {
		this.server = RedisServer.start();
		this.client.set(RedisClient.create(this.server.uri()));
	}

	@AfterEach
	void stop() {
		shutDownClient();
		this.server.close();
	}

	@Test
	void aStoreIsNotBuiltWithoutServer() {
		this.server.kill();
		assertThatExceptionOfType(RedisException.class)
			.isThrownBy(() -> RedisRateLimitStore.builder(this.client.get()).build());
	}

	@Test
	void aStoreIsNotBuiltOnAServerThatIsMute() throws IOException {
		try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				RedisClient impatient = RedisClient.create(RedisURI.builder()
					.withHost("127.0.0.1")
					.withPort(mute.getLocalPort())
					.withTimeout(Duration.ofMillis(300))
					.build())) {
			assertThatExceptionOfType(RedisException.class)
				.isThrownBy(() -> RedisRateLimitStore.builder(impatient).build());
		}
	}

	@Test
	void aLazyStoreIsBuiltWithoutServerAndCountsOnceItIsThere() {
		this.server.kill();
		try (RedisRateLimitStore store = lazy()) {
			BoundPolicy limiter = Bound.in(store, POLICY);
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.tryAcquire("a", 1))
				.withMessageContaining("no connection");
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> store.ping(LONG))
				.withMessageContaining("127.0.0.1");
			this.server.restart();
			store.ping(LONG);
			assertThat(limiter.tryAcquire("a", 1).remaining()).isEqualTo(4);
		}
	}

	@Test
	void aLazyStoreFindsItsServerByAsking() {
		this.server.kill();
		try (RedisRateLimitStore store = lazy()) {
			BoundPolicy limiter = Bound.in(store, POLICY);
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.tryAcquire("a", 1));
			this.server.restart();
			long begin = System.nanoTime();
			while (!answers(limiter)) {
				assertThat(System.nanoTime() - begin).isLessThan(LONG.toNanos());
				Thread.onSpinWait();
			}
			assertThat(limiter.peek("a").remaining()).isEqualTo(4);
		}
	}

	@Test
	void aClientThatWasReplacedIsAskedForAgain() {
		try (RedisRateLimitStore store = lazy()) {
			BoundPolicy limiter = Bound.in(store, POLICY);
			store.ping(LONG);
			limiter.tryAcquire("a", 1);
			shutDownClient();
			this.client.set(RedisClient.create(this.server.uri()));
			store.ping(LONG);
			assertThat(limiter.tryAcquire("a", 1).remaining()).isEqualTo(3);
		}
	}

	@Test
	void aClientThatIsShutDownUnderLoadIsReplacedWithoutAnyOtherFailure() throws Exception {
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService threads = Executors.newFixedThreadPool(16);
		try (RedisRateLimitStore store = lazy(Duration.ofMillis(200))) {
			BoundPolicy limiter = Bound.in(store, Policy.of("api", List.of(Limit.valueOf("1000000/1h"))));
			store.ping(LONG);
			for (int i = 0; i < 16; i++) {
				String key = "key" + i;
				threads.execute(() -> hammer(limiter, key, done, failures));
			}
			for (int i = 0; i < 5; i++) {
				RedisClient next = RedisClient.create(this.server.uri());
				this.client.getAndSet(next).shutdown(0, 1, TimeUnit.SECONDS);
				Wait.until("an answer", () -> answers(limiter));
			}
		}
		finally {
			done.set(true);
			threads.shutdown();
			assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(failures).isEmpty();
	}

	@Test
	void aPingLeavesNothing() {
		try (RedisRateLimitStore store = lazy()) {
			store.ping(LONG);
			RedisCommands<String, String> commands = this.client.get().connect().sync();
			Wait.until("an empty server", () -> commands.dbsize() == 0);
		}
	}

	private RedisRateLimitStore lazy() {
		return lazy(Duration.ofSeconds(5));
	}

	private RedisRateLimitStore lazy(Duration timeout) {
		return RedisRateLimitStore.lazyBuilder(this.client::get).timeout(timeout).build();
	}

	private static void hammer(BoundPolicy limiter, String key, AtomicBoolean done, List<Throwable> failures) {
		while (!done.get()) {
			try {
				limiter.tryAcquire(key, 1);
			}
			catch (RateLimitStoreException ex) {
				Thread.onSpinWait();
			}
			catch (RuntimeException ex) {
				failures.add(ex);
			}
		}
	}

	private void shutDownClient() {
		this.client.get().shutdown(0, 1, TimeUnit.SECONDS);
	}

	private static boolean answers(BoundPolicy limiter) {
		try {
			return limiter.tryAcquire("a", 1).counted();
		}
		catch (RateLimitStoreException ex) {
			return false;
		}
	}

}
