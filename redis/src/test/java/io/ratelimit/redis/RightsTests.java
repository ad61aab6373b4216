package io.ratelimit.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the server's user must be allowed to do, and what happens if it is not.
 */
class RightsTests {

	private static final String RIGHTS = "resetkeys ~ratelimit:* -@all +hello +eval +evalsha +time +get +getrange +set +setrange +del +scan +ping";

	private static final Duration PATIENT = Duration.ofSeconds(10);

	private static final Policy POLICY = Policy.of("api", Limit.valueOf("100/1h"));

	private RedisServer server;

	private RedisClient admin;

	private RedisClient client;

	private RedisCommands<String, String> commands;

	@BeforeEach
	void start() {
		this.server = RedisServer.start();
		this.admin = RedisClient.create(this.server.uri());
		this.commands = this.admin.connect().sync();
		allow("reset on >secret " + RIGHTS);
		RedisURI uri = RedisURI.create(this.server.uri());
		this.client = RedisClient.create(RedisURI.builder(uri).withAuthentication("app", "secret").build());
	}

	@AfterEach
	void stop() {
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
		this.admin.shutdown(0, 1, TimeUnit.SECONDS);
		this.server.close();
	}

	@Test
	void aUserNeedsNoMoreThanTheDocumentedRights() {
		try (RedisRateLimitStore store = RedisRateLimitStore.builder(this.client).timeout(PATIENT).lease(10).build()) {
			BoundPolicy limiter = Bound.in(store, POLICY);
			IntStream.range(0, 20).forEach((i) -> assertThat(limiter.tryAcquire("key").counted()).isTrue());
			this.commands.clientPause(100);
			List<CompletableFuture<Decision>> together = Stream.of("a", "b", "c", "a", "b", "c")
				.map((key) -> limiter.tryAcquireAsync(key, 1).toCompletableFuture())
				.toList();
			assertThat(together).allMatch((decision) -> decision.join().allowed());
			assertThat(store
				.tryAcquireAll(List.of(Bound.claim(store, POLICY, "key", 1), Bound.claim(store, POLICY, "else", 1))))
				.allMatch(Decision::allowed);
			limiter.giveBack("key", 1, together.get(0).join()).toCompletableFuture().join();
			limiter.peek("key");
			limiter.reset("key");
			assertThat(limiter.peek("key").remaining()).isEqualTo(100);
			limiter.tryAcquire("key");
			limiter.resetAll();
			assertThat(limiter.peek("key").remaining()).isEqualTo(100);
			assertThat(store.ping(PATIENT)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-evalsha", "-time", "-getrange", "-set", "resetkeys ~other:*" })
	void aMissingRightIsAFailure(String change) {
		try (RedisRateLimitStore store = RedisRateLimitStore.builder(this.client).timeout(PATIENT).build()) {
			BoundPolicy limiter = Bound.in(store, POLICY);
			allow(change);
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.tryAcquire("203.0.113.9"))
				.satisfies((failure) -> assertThat(failure.kind()).isEqualTo(Kind.ERROR))
				.withMessageStartingWith("Redis answered with a failure: ")
				.withMessageNotContaining("203.0.113.9");
			allow(RIGHTS);
			assertThat(limiter.tryAcquire("203.0.113.9").remaining()).isEqualTo(99);
		}
	}

	private void allow(String rules) {
		CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add("app");
		Stream.of(rules.split(" ")).forEach(arguments::add);
		this.commands.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments);
	}

}
