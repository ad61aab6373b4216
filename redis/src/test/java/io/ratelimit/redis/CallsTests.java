package io.ratelimit.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.lettuce.core.api.sync.RedisCommands;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimits;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a decision costs the server: which commands are called, and how often.
 */
@Isolated
class CallsTests {

	private static final String KEY = "ratelimit:{key}api";

	@AutoClose
	private static final OpenServer server = new OpenServer();

	private static final RedisCommands<String, byte[]> commands = server.commands();

	@AutoClose
	private final RedisRateLimitStore store = server.emptied().store().build();

	@Test
	void aRefusalWritesNothing() {
		BoundPolicy limiter = Bound.in(this.store, Policy.of("api", Limit.valueOf("5/1h"), Limit.valueOf("100/2h")));
		limiter.tryAcquire("key", 5);
		byte[] before = commands.dump(KEY);
		long ttl = commands.pttl(KEY);
		commands.configResetstat();
		for (int i = 0; i < 10; i++) {
			assertThat(limiter.tryAcquire("key").allowed()).isFalse();
			limiter.peek("key");
			limiter.peek("nobody");
		}
		assertThat(server.calls("set")).isZero();
		assertThat(commands.dump(KEY)).isEqualTo(before);
		assertThat(commands.pttl(KEY)).isLessThanOrEqualTo(ttl);
		assertThat(commands.dbsize()).isOne();
	}

	@Test
	void aDecisionIsOneCallWhateverTheNumberOfLimitsAndPolicies() {
		Policy three = Policy.of("three", Limit.valueOf("5/1s"), Limit.valueOf("50/1m"), Limit.valueOf("500/1h"));
		RateLimits registry = RateLimits.builder(this.store).build();
		List<Policy> policies = List.of(three, Policy.of("two", Limit.valueOf("10/1s"), Limit.valueOf("60/1m")),
				Policy.of("one", Limit.valueOf("1/1s")));
		policies.forEach(registry::register);
		registry.limiter("three").peek("key");
		commands.configResetstat();
		registry.limiter("three").tryAcquire("key");
		assertThat(server.calls("evalsha")).isOne();
		assertThat(server.calls("set")).isOne();
		commands.configResetstat();
		assertThat(registry
			.admit(policies.stream().map((policy) -> registry.limiter(policy.name()).claim("key", 1)).toList())
			.decisions()).allMatch(Decision::allowed);
		assertThat(server.calls("evalsha")).isOne();
		assertThat(server.calls("set")).isEqualTo(3);
		assertThat(server.calls("eval")).isZero();
	}

	/**
	 * Claims that come while others are under way share a call, and nothing else: one on
	 * a key that is of no use fails alone.
	 */
	@Test
	void claimsThatComeTogetherAreDecidedEachByItself() {
		BoundPolicy limiter = Bound.in(this.store, Policy.of("api", Limit.valueOf("3/1h"), Limit.valueOf("500/1d")));
		limiter.peek("key");
		commands.rpush("ratelimit:{list}api", new byte[1]);
		try (RedisRateLimitStore former = server.store().build()) {
			Bound.in(former, Policy.of("api", Limit.valueOf("70/1h"))).tryAcquire("former", 2);
		}
		commands.configResetstat();
		commands.clientPause(200);
		List<CompletableFuture<Decision>> first = Stream.of("key", "key").map((key) -> acquire(limiter, key)).toList();
		List<CompletableFuture<Decision>> together = Stream.of("key", "list", "key", "else", "former", "key", "former")
			.map((key) -> acquire(limiter, key))
			.toList();
		assertThat(first).extracting((answer) -> answer.join().remaining()).containsExactly(2L, 1L);
		assertThat(together.get(1)).failsWithin(OpenServer.PATIENT)
			.withThrowableThat()
			.withCauseInstanceOf(RateLimitStoreException.class);
		assertThat(Stream.of(0, 2, 3, 4, 5, 6).map(together::get)).extracting((answer) -> answer.join().allowed())
			.containsExactly(true, false, true, true, false, false);
		assertThat(together.get(2).join().remaining()).isZero();
		assertThat(server.calls("evalsha")).as("two, one for the seven, and three of them by themselves").isEqualTo(6);
	}

	@Test
	void theScriptIsSentOnce() {
		commands.scriptFlush();
		BoundPolicy limiter = Bound.in(this.store, Policy.of("api", Limit.valueOf("50/1h")));
		commands.configResetstat();
		for (int i = 0; i < 10; i++) {
			limiter.tryAcquire("key");
		}
		assertThat(server.calls("eval")).isOne();
		assertThat(server.calls("evalsha")).isEqualTo(10);
	}

	private static CompletableFuture<Decision> acquire(BoundPolicy limiter, String key) {
		return limiter.tryAcquireAsync(key, 1).toCompletableFuture();
	}

}
