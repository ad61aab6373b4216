package io.ratelimit.redis;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Commands that are sent when a flush fails.
 */
class ConnectionTests {

	private static final Duration LONG = Duration.ofSeconds(10);

	private final AtomicBoolean fails = new AtomicBoolean();

	@Test
	void aFlushThatFailsKeepsNobodyFromTheNext() {
		RedisClient client = RedisClient.create();
		try (RedisServer server = RedisServer.start()) {
			StatefulRedisConnection<String, byte[]> opened = client
				.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), RedisURI.create(server.uri()));
			try (Connection connection = new Connection(failing(opened), opened.async(), LONG)) {
				this.fails.set(true);
				CompletableFuture<Long> first = connection.send(attempt(connection), (commands) -> commands.del("a"));
				assertThat(first).isCompletedExceptionally();

				this.fails.set(false);
				CompletableFuture<Long> second = connection.send(attempt(connection), (commands) -> commands.del("a"));
				assertThat(second).succeedsWithin(LONG).isEqualTo(0L);
			}
		}
		finally {
			client.shutdown();
		}
	}

	private static Node.Attempt attempt(Connection connection) {
		return Objects.requireNonNull(connection.nodes().of("a").attempt());
	}

	@SuppressWarnings("unchecked")
	private StatefulConnection<String, byte[]> failing(StatefulRedisConnection<String, byte[]> connection) {
		return (StatefulConnection<String, byte[]>) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { StatefulRedisConnection.class }, (proxy, method, arguments) -> {
					if (this.fails.get() && method.getName().equals("flushCommands")) {
						throw new IllegalStateException("the flush fails");
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

}
