package io.ratelimit.redis;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.lettuce.core.api.sync.RedisCommands;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What stands in the server and cannot be read is left alone.
 */
@Isolated
class UnreadableValuesTests {

	private static final String KEY = "ratelimit:{key}api";

	@AutoClose
	private static final OpenServer server = new OpenServer();

	private static final RedisCommands<String, byte[]> commands = server.commands();

	@AutoClose
	private final RedisRateLimitStore store = server.emptied().store().build();

	@ParameterizedTest
	@ValueSource(strings = { "\2 from a version to come", "" })
	void aValueOfAnotherFormatIsLeftAlone(String text) {
		byte[] other = text.getBytes(StandardCharsets.US_ASCII);
		commands.set(KEY, other);
		assertUnreadable(Limit.valueOf("5/1h"));
		assertThat(commands.get(KEY)).isEqualTo(other);
	}

	/**
	 * Each of these kept a script busy for minutes, or for ever.
	 */
	@ParameterizedTest
	@CsvSource({ "500/1m, 017300000003938700ffffffffffffffff000000000000000000000505",
			"3/1h, 0173000000d693a40000165306613fa1db32b706613fa1db32b706613fa1db3569",
			"500/1m, 017300000003938700001153010000000000000000000000000a01" })
	void aCorruptValueIsLeftAlone(Limit limit, String hexadecimal) {
		byte[] corrupt = HexFormat.of().parseHex(hexadecimal);
		commands.set(KEY, corrupt);
		assertUnreadable(limit);
		assertThat(commands.get(KEY)).isEqualTo(corrupt);
		BoundPolicy limiter = Bound.in(this.store, Policy.of("api", limit));
		limiter.reset("key");
		assertThat(limiter.tryAcquire("key").allowed()).isTrue();
	}

	@Test
	void aValueOfAnotherTypeIsLeftAlone() {
		commands.rpush(KEY, new byte[1]);
		assertUnreadable(Limit.valueOf("5/1h"));
		assertThat(commands.llen(KEY)).isOne();
	}

	/**
	 * Also after many failures of one key the others are counted.
	 */
	private void assertUnreadable(Limit limit) {
		Policy policy = Policy.of("api", limit);
		BoundPolicy limiter = Bound.in(this.store, policy);
		Decision granted = limiter.tryAcquire("other");
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.tryAcquire("key"))
				.withMessageContaining("cannot read")
				.withMessageNotContaining(KEY);
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.peek("key"));
			assertThatExceptionOfType(RateLimitStoreException.class)
				.isThrownBy(() -> join(limiter.giveBack("key", 1, granted)));
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> this.store.tryAcquireAll(
					List.of(Bound.claim(this.store, policy, "fine", 1), Bound.claim(this.store, policy, "key", 1))));
		}
		assertThat(limiter.tryAcquire("fine").remaining()).isEqualTo(limit.permits() - 1);
	}

	private static void join(CompletionStage<?> stage) {
		try {
			stage.toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			throw (RuntimeException) ex.getCause();
		}
	}

}
