package io.ratelimit.redis;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.lettuce.core.RedisClient;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.testing.RedisServer;
import io.ratelimit.testing.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A connection that dies is replaced though nobody asks any more, so that whoever comes
 * late is counted.
 */
@Isolated
class SparseTrafficTests {

	private static final Limit LIMIT = Limit.valueOf("1000/1h");

	@Test
	void whoComesAfterTheOneWhoHasFailedIsCounted() {
		try (RedisServer server = RedisServer.start(); TcpProxy proxy = TcpProxy.to(server.port())) {
			RedisClient client = RedisClient.create("redis://127.0.0.1:" + proxy.port());
			try (RedisRateLimitStore store = RedisRateLimitStore.builder(client)
				.timeout(Duration.ofMillis(500))
				.build()) {
				BoundPolicy limiter = Bound.in(store, Policy.of("api", LIMIT));
				limiter.tryAcquire("key");
				Set<String> before = connections(server);
				proxy.silence();
				assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.tryAcquire("key"));
				Wait.until("another connection", () -> !before.containsAll(connections(server)));
				Wait.until("a count", () -> isCounted(limiter));
			}
			finally {
				client.shutdown(0, 1, TimeUnit.SECONDS);
			}
		}
	}

	private static boolean isCounted(BoundPolicy limiter) {
		try {
			return limiter.tryAcquire("key").counted();
		}
		catch (RateLimitStoreException ex) {
			return false;
		}
	}

	/**
	 * Returns the ids of the connections but the one that asks.
	 */
	private static Set<String> connections(RedisServer server) {
		return server.send("CLIENT LIST")
			.lines()
			.filter((line) -> line.startsWith("id=") && !line.contains("cmd=client"))
			.map((line) -> line.substring(0, line.indexOf(' ')))
			.collect(Collectors.toSet());
	}

}
