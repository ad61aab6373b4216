package io.ratelimit.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.ratelimit.Algorithm;
import io.ratelimit.CalendarWindow;
import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimiter;
import io.ratelimit.RateLimiterRegistry;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What stands in the server: how much, for how long, and what it takes to write it.
 */
@Isolated
class RedisStateTests {

	private static final Duration PATIENT = Duration.ofSeconds(10);

	private static final String KEY = "ratelimit:{key}api";

	private static RedisServer server;

	private static RedisClient client;

	private static RedisCommands<String, byte[]> commands;

	private RedisRateLimitStore store;

	@BeforeAll
	static void startServer() {
		server = RedisServer.start();
		client = RedisClient.create(server.uri());
		commands = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)).sync();
	}

	@AfterAll
	static void stopServer() {
		client.shutdown(0, 1, TimeUnit.SECONDS);
		server.close();
	}

	@BeforeEach
	void start() {
		commands.flushall();
		this.store = RedisRateLimitStore.builder(client).timeout(PATIENT).build();
	}

	@AfterEach
	void stop() {
		this.store.close();
	}

	/**
	 * What was used is kept until it matters no more, and hardly longer.
	 */
	@ParameterizedTest
	@MethodSource("lifetimes")
	void aKeyLivesForAsLongAsItMatters(Limit limit, Duration least, Duration most) {
		RateLimiter limiter = this.store.limiter(Policy.of("api", limit));
		long before = System.nanoTime();
		assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
		long ttl = commands.pttl(KEY);
		long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
		assertThat(ttl).isBetween(least.toMillis() - passed - 1, most.toMillis() + 1);
	}

	static Stream<Arguments> lifetimes() {
		Duration minute = Duration.ofMinutes(1);
		return Stream.of(arguments(Limit.valueOf("5/1m"), minute, minute),
				// a segment counts until none of it can be within the window, and six
				// expire together
				arguments(Limit.valueOf("100/1m"), minute, minute.plusSeconds(6)),
				arguments(Limit.valueOf("1000000/1m"), minute, minute.plusSeconds(6)),
				arguments(Limit.valueOf("5/1m").withAlgorithm(Algorithm.FIXED_WINDOW), Duration.ZERO, minute),
				arguments(Limit.of(5, new CalendarWindow(CalendarWindow.Unit.DAY, ZoneOffset.UTC)), Duration.ZERO,
						Duration.ofDays(1)),
				arguments(Limit.valueOf("5/1m").withBurst(5), minute, minute),
				arguments(Limit.valueOf("5/1m").withBurst(10), minute.multipliedBy(2), minute.multipliedBy(2)),
				arguments(Limit.valueOf("5/1m").withMaxWait(minute), minute, minute.multipliedBy(2)));
	}

	/**
	 * Not every grant sets anew when a key expires.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "50/500ms", "100000/500ms" })
	void aKeyInUseLivesForAsLongAsItMatters(Limit limit) {
		RateLimiter limiter = this.store.limiter(Policy.of("api", limit));
		long begin = System.nanoTime();
		while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(1)) {
			long before = System.nanoTime();
			if (limiter.tryAcquire("key").allowed()) {
				long ttl = commands.pttl(KEY);
				long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
				assertThat(ttl).isBetween(500 - passed - 1, 560L);
			}
		}
	}

	@Test
	void theLongestLimitOfAPolicyDecidesHowLongAKeyLives() {
		this.store.limiter(Policy.of("api", Limit.valueOf("5/1s"), Limit.valueOf("50/1h"), Limit.valueOf("20/1m")))
			.tryAcquire("key");
		assertThat(commands.pttl(KEY)).isBetween(Duration.ofMinutes(59).toMillis(), Duration.ofHours(1).toMillis() + 1);
	}

	@Test
	void aKeyThatMattersNoMoreIsGone() {
		RateLimiter limiter = this.store.limiter(Policy.of("api", Limit.valueOf("5/100ms")));
		limiter.tryAcquire("key", 5);
		assertThat(commands.exists(KEY)).isOne();
		Wait.until("the end of the key", () -> commands.exists(KEY) == 0);
		assertThat(limiter.tryAcquire("key", 5).allowed()).isTrue();
	}

	@Test
	void aRefusalWritesNothing() {
		RateLimiter limiter = this.store.limiter(Policy.of("api", Limit.valueOf("5/1h"), Limit.valueOf("100/2h")));
		limiter.tryAcquire("key", 5);
		byte[] before = commands.dump(KEY);
		long ttl = commands.pttl(KEY);
		commands.configResetstat();
		for (int i = 0; i < 10; i++) {
			assertThat(limiter.tryAcquire("key").allowed()).isFalse();
			limiter.peek("key");
			limiter.peek("nobody");
		}
		assertThat(calls("set")).isZero();
		assertThat(commands.dump(KEY)).isEqualTo(before);
		assertThat(commands.pttl(KEY)).isLessThanOrEqualTo(ttl);
		assertThat(commands.dbsize()).isOne();
	}

	@Test
	void aDecisionIsOneCallWhateverTheNumberOfLimitsAndPolicies() {
		Policy three = Policy.of("three", Limit.valueOf("5/1s"), Limit.valueOf("50/1m"), Limit.valueOf("500/1h"));
		RateLimiterRegistry registry = RateLimiterRegistry.builder(this.store).build();
		List<Policy> policies = List.of(three, Policy.of("two", Limit.valueOf("10/1s"), Limit.valueOf("60/1m")),
				Policy.of("one", Limit.valueOf("1/1s")));
		policies.forEach(registry::register);
		registry.limiter("three").peek("key");
		commands.configResetstat();
		registry.limiter("three").tryAcquire("key");
		assertThat(calls("evalsha")).isOne();
		assertThat(calls("set")).isOne();
		commands.configResetstat();
		assertThat(registry.tryAcquireAll(policies.stream().map((policy) -> new Claim(policy, "key", 1)).toList()))
			.allMatch(Decision::allowed);
		assertThat(calls("evalsha")).isOne();
		assertThat(calls("set")).isEqualTo(3);
		assertThat(calls("eval")).isZero();
	}

	/**
	 * Claims that come while others are under way share a call, and nothing else: one on
	 * a key that is of no use fails alone.
	 */
	@Test
	void claimsThatComeTogetherAreDecidedEachByItself() {
		RateLimiter limiter = this.store.limiter(Policy.of("api", Limit.valueOf("3/1h"), Limit.valueOf("500/1d")));
		limiter.peek("key");
		commands.rpush("ratelimit:{list}api", new byte[1]);
		try (RedisRateLimitStore former = RedisRateLimitStore.builder(client).timeout(PATIENT).build()) {
			former.limiter(Policy.of("api", Limit.valueOf("70/1h"))).tryAcquire("former", 2);
		}
		commands.configResetstat();
		commands.clientPause(200);
		List<CompletableFuture<Decision>> first = Stream.of("key", "key").map((key) -> acquire(limiter, key)).toList();
		List<CompletableFuture<Decision>> together = Stream.of("key", "list", "key", "else", "former", "key", "former")
			.map((key) -> acquire(limiter, key))
			.toList();
		assertThat(first).extracting((answer) -> answer.join().remaining()).containsExactly(2L, 1L);
		assertThat(together.get(1)).failsWithin(PATIENT)
			.withThrowableThat()
			.withCauseInstanceOf(RateLimitStoreException.class);
		assertThat(Stream.of(0, 2, 3, 4, 5, 6).map(together::get)).extracting((answer) -> answer.join().allowed())
			.containsExactly(true, false, true, true, false, false);
		assertThat(together.get(2).join().remaining()).isZero();
		assertThat(calls("evalsha")).as("two, one for the seven, and three of them by themselves").isEqualTo(6);
	}

	private static CompletableFuture<Decision> acquire(RateLimiter limiter, String key) {
		return limiter.tryAcquireAsync(key, 1).toCompletableFuture();
	}

	/**
	 * The time that something was held is measured before the call is sent.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "5/1h", "100/10s" })
	void whatIsGivenBackByACallThatTakesLongIsThereAgain(Limit limit) {
		ServerClock clock = new ServerClock();
		try (RedisRateLimitStore store = RedisRateLimitStore.builder(client)
			.timeout(PATIENT)
			.script(TestScript.turnedInCallsBy(clock))
			.build()) {
			RateLimiter limiter = store.limiter(Policy.of("api", limit));
			limiter.tryAcquire("key", 5);
			clock.advance(Duration.ofMillis(250));
			limiter.giveBack("key", 5, 0);
			assertThat(limiter.peek("key").remaining()).isEqualTo(limit.permits());
		}
	}

	@Test
	void theScriptIsSentOnce() {
		commands.scriptFlush();
		RateLimiter limiter = this.store.limiter(Policy.of("api", Limit.valueOf("50/1h")));
		commands.configResetstat();
		for (int i = 0; i < 10; i++) {
			limiter.tryAcquire("key");
		}
		assertThat(calls("eval")).isOne();
		assertThat(calls("evalsha")).isEqualTo(10);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\2 from a version to come", "" })
	void aValueOfAnotherFormatIsLeftAlone(String text) {
		byte[] other = text.getBytes(StandardCharsets.US_ASCII);
		commands.set(KEY, other);
		assertUnreadable();
		assertThat(commands.get(KEY)).isEqualTo(other);
	}

	@Test
	void aValueOfAnotherTypeIsLeftAlone() {
		commands.rpush(KEY, new byte[1]);
		assertUnreadable();
		assertThat(commands.llen(KEY)).isOne();
	}

	/**
	 * Also after many failures of one key the others are counted.
	 */
	private void assertUnreadable() {
		Policy policy = Policy.of("api", Limit.valueOf("5/1h"));
		RateLimiter limiter = this.store.limiter(policy);
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.tryAcquire("key"))
				.withMessageContaining("cannot read")
				.withMessageNotContaining(KEY);
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.peek("key"));
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.giveBack("key", 1, 0));
			assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(
					() -> this.store.tryAcquireAll(List.of(new Claim(policy, "fine", 1), new Claim(policy, "key", 1))));
		}
		assertThat(limiter.tryAcquire("fine").remaining()).isEqualTo(4);
	}

	/**
	 * A limit that is used evenly and to the full takes the most room.
	 */
	@ParameterizedTest
	@CsvSource({ "5/1m, 60", "64/1m, 460", "100/1m, 90", "10000/1h, 155", "1000000/1h, 280", "10000000000/1h, 465" })
	void aValueStaysSmall(Limit limit, long mostBytes) {
		ServerClock clock = new ServerClock();
		long step = limit.window().toNanos() / 64;
		long portion = Math.max(1, limit.permits() / 64);
		try (RedisRateLimitStore turned = turned(clock)) {
			RateLimiter limiter = turned.limiter(Policy.of("api", limit));
			limiter.tryAcquire("key");
			long most = 0;
			for (int i = 0; i < 200; i++) {
				clock.advance(Duration.ofNanos(step / 1000 * 1000));
				limiter.tryAcquire("key", portion);
				most = Math.max(most, commands.strlen(KEY));
			}
			assertThat(most).isBetween(mostBytes / 2, mostBytes);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "{", "}", "{}", "{a}", "a}b", "}a{", "caf\u00e9", "\u4e2d\u6587",
			"\ud83d\ude00", "a\r\nb", "a\0b", "*", "[a-z]?" })
	void anyKeyStandsUnderItsOwnName(String key) {
		List<Policy> policies = List.of(Policy.of("api", Limit.valueOf("5/1h")),
				Policy.of("login", Limit.valueOf("3/1h")));
		List<Claim> claims = policies.stream().map((policy) -> new Claim(policy, key, 2)).toList();
		assertThat(this.store.tryAcquireAll(claims)).extracting(Decision::remaining).containsExactly(3L, 1L);
		assertThat(commands.keys("*")).containsExactlyInAnyOrder("ratelimit:{" + key + "}api",
				"ratelimit:{" + key + "}login");
		this.store.limiter(policies.get(0)).reset(key);
		assertThat(commands.keys("*")).containsExactly("ratelimit:{" + key + "}login");
	}

	/**
	 * Two instances while a change is rolled out: each decides by its own number, and
	 * both count all that was taken.
	 */
	@Test
	void instancesWithDifferentLimitsCountTogether() {
		try (RedisRateLimitStore changed = RedisRateLimitStore.builder(client).timeout(PATIENT).build()) {
			RateLimiter former = this.store.limiter(Policy.of("api", Limit.valueOf("5/1h"), Limit.valueOf("3/1m")));
			RateLimiter latter = changed.limiter(Policy.of("api", Limit.valueOf("200/1h"), Limit.valueOf("4/1m")));
			assertThat(former.tryAcquire("key", 3).allowed()).isTrue();
			assertThat(former.tryAcquire("key").allowed()).isFalse();
			assertThat(latter.tryAcquire("key").remaining()).isZero();
			assertThat(latter.tryAcquire("key").allowed()).isFalse();
			assertThat(former.peek("key").remaining()).isZero();
		}
	}

	@Test
	void aLimitThatOneInstanceDoesNotHaveIsDroppedByItsNextGrant() {
		try (RedisRateLimitStore changed = RedisRateLimitStore.builder(client).timeout(PATIENT).build()) {
			RateLimiter both = this.store.limiter(Policy.of("api", Limit.valueOf("50/1h"), Limit.valueOf("3/1m")));
			RateLimiter one = changed.limiter(Policy.of("api", Limit.valueOf("50/1h")));
			assertThat(both.tryAcquire("key", 3).allowed()).isTrue();
			assertThat(one.tryAcquire("key").remaining()).isEqualTo(46);
			assertThat(both.tryAcquire("key", 3).allowed()).isTrue();
			assertThat(one.peek("key").remaining()).isEqualTo(43);
		}
	}

	@ParameterizedTest
	@MethodSource("onEveryAlgorithm")
	void aServersClockThatStepsBackGrantsNothingTwice(Limit limit) {
		ServerClock before = new ServerClock();
		ServerClock after = new ServerClock();
		Duration step = Duration.ofSeconds(90);
		before.advance(step);
		try (RedisRateLimitStore earlier = turned(before); RedisRateLimitStore later = turned(after)) {
			Policy policy = Policy.of("api", limit);
			assertThat(earlier.limiter(policy).tryAcquire("key", limit.capacity()).allowed()).isTrue();
			Decision refusal = later.limiter(policy).tryAcquire("key");
			assertThat(refusal.allowed()).isFalse();
			assertThat(refusal.retryAfterNanos()).isPositive()
				.isLessThanOrEqualTo(limit.window().plus(step).plusSeconds(2).toNanos());
			after.advance(Duration.ofNanos(refusal.retryAfterNanos()));
			assertThat(later.limiter(policy).tryAcquire("key").allowed()).isTrue();
		}
	}

	static Stream<Limit> onEveryAlgorithm() {
		return Stream.of(Limit.valueOf("5/1m"), Limit.valueOf("100/1m"),
				Limit.valueOf("5/1m").withAlgorithm(Algorithm.FIXED_WINDOW), Limit.valueOf("5/1m").withBurst(5),
				Limit.valueOf("5/1m").withMaxWait(Duration.ofSeconds(30)));
	}

	private static RedisRateLimitStore turned(ServerClock clock) {
		return RedisRateLimitStore.builder(client).timeout(PATIENT).script(TestScript.turnedBy(clock)).build();
	}

	private static long calls(String command) {
		Matcher matcher = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
			.matcher(commands.info("commandstats"));
		return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
	}

}
