package io.ratelimit.it.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Application;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Limited calls behind an answer of Redis, whose client has two threads, neither of which
 * ever waits for a decision: the store needs them for the answer.
 */
class ClientThreadsTests {

	private static final int CONNECTIONS = 4;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static RedisServer server;

	@BeforeAll
	static void startServer() {
		server = RedisServer.start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@Test
	void aMonoBehindARedisCallIsLimitedOnEveryConnection() {
		assertLimited((books) -> (key) -> books.mono(key));
	}

	@Test
	void aFluxBehindARedisCallIsLimitedOnEveryConnection() {
		assertLimited((books) -> (key) -> books.flux(key).next());
	}

	@Test
	void aStageBehindARedisCallIsLimitedOnEveryConnection() {
		assertLimited((books) -> (key) -> Mono.fromFuture(books.stage(key)));
	}

	private static void assertLimited(Function<Books, Function<String, Mono<String>>> calls) {
		AtomicBoolean watching = new AtomicBoolean(true);
		Queue<String> held = new ConcurrentLinkedQueue<>();
		watch(watching, held);
		try (Application application = Application.startInRealTime(Library.class, "ratelimit.store=redis",
				"ratelimit.redis.timeout=2s", "ratelimit.redis.key-prefix=" + System.nanoTime() + ":",
				"spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + server.port(),
				"ratelimit.policies.books.limits=3/1h")) {
			Books books = application.bean(Books.class);
			RedisClient client = (RedisClient) application.bean(LettuceConnectionFactory.class)
				.getRequiredNativeClient();
			for (int i = 0; i < CONNECTIONS; i++) {
				String key = "connection " + i;
				try (StatefulRedisConnection<String, String> connection = client.connect()) {
					Long granted = Flux.range(0, 6)
						.flatMap((call) -> connection.reactive()
							.ping()
							.flatMap((pong) -> calls.apply(books).apply(key))
							.map((book) -> 1)
							.onErrorResume(RateLimitExceededException.class, (ex) -> Mono.empty()))
						.count()
						.block(PATIENCE);
					assertThat(granted).as(key).isEqualTo(3);
				}
			}
			assertThat(held).as("stacks of the client's threads that waited").isEmpty();
		}
		finally {
			watching.set(false);
		}
	}

	/**
	 * Notes each thread of the client that waits in our code.
	 */
	private static void watch(AtomicBoolean watching, Queue<String> held) {
		new Thread(() -> {
			while (watching.get()) {
				Thread.getAllStackTraces().forEach((thread, stack) -> {
					String text = Arrays.toString(stack);
					boolean waits = thread.getState() == Thread.State.WAITING
							|| thread.getState() == Thread.State.TIMED_WAITING;
					if (waits && thread.getName().startsWith("lettuce") && text.contains("io.ratelimit.")) {
						held.add(text);
					}
				});
				LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
			}
		}).start();
	}

	/**
	 * An application whose client of Redis has two threads.
	 */
	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Library {

		@Bean(destroyMethod = "shutdown")
		ClientResources clientResources() {
			return DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
		}

		@Bean
		Books books() {
			return new Books();
		}

	}

	/**
	 * Methods that return at once.
	 */
	static class Books {

		@RateLimited(policy = "books", key = "#key")
		Mono<String> mono(String key) {
			return Mono.just(key);
		}

		@RateLimited(policy = "books", key = "#key")
		Flux<String> flux(String key) {
			return Flux.just(key);
		}

		@RateLimited(policy = "books", key = "#key")
		CompletableFuture<String> stage(String key) {
			return CompletableFuture.completedFuture(key);
		}

	}

}
