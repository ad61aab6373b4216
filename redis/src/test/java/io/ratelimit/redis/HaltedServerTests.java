package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that is halted for a while carries out afterwards what it was asked before.
 */
@Isolated
class HaltedServerTests {

	private static final Duration TIMEOUT = Duration.ofMillis(100);

	/** How long the server is halted, which no clock of ours can shorten. */
	private static final long HALT_MILLIS = 500;

	@ParameterizedTest
	@ValueSource(strings = { "10/1d", "64/1d", "65/1d", "10/1d fixed-window", "10/1d token-bucket" })
	void whatIsGivenBackMeanwhileIsThereAfterwards(String text) throws Exception {
		Limit limit = Limit.valueOf(text);
		try (RedisServer server = RedisServer.start()) {
			RedisClient client = RedisClient.create(server.uri());
			try (RedisRateLimitStore store = RedisRateLimitStore.builder(client).timeout(TIMEOUT).build()) {
				BoundPolicy policy = store.bind(Policy.of("api", limit));
				Wait.until("the server answers", () -> isAnswered(policy));
				Decision granted = policy.tryAcquire("key", 5);
				assertThat(granted.allowed()).isTrue();
				server.freeze();
				CompletableFuture<?> returned = policy.giveBack("key", 5, granted).toCompletableFuture();
				assertThat(returned).failsWithin(Duration.ofSeconds(10));
				TimeUnit.MILLISECONDS.sleep(HALT_MILLIS);
				server.thaw();
				Wait.until("the permits are there again", () -> left(policy) == limit.capacity());
			}
			finally {
				client.shutdown(0, 1, TimeUnit.SECONDS);
			}
		}
	}

	private static boolean isAnswered(BoundPolicy policy) {
		return left(policy) >= 0;
	}

	private static long left(BoundPolicy policy) {
		try {
			return policy.peek("key").remaining();
		}
		catch (RateLimitStoreException ex) {
			return -1;
		}
	}

}
