package io.ratelimit.redis;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.lettuce.core.api.sync.RedisCommands;
import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.CalendarWindow;
import io.ratelimit.Decision;
import io.ratelimit.FixedWindow;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What stands in the server: how much, and for how long.
 */
@Isolated
class RedisStateTests {

	private static final String KEY = "ratelimit:{key}api";

	@AutoClose
	private static final OpenServer server = new OpenServer();

	private static final RedisCommands<String, byte[]> commands = server.commands();

	@AutoClose
	private final RedisRateLimitStore store = server.emptied().store().build();

	/**
	 * What was used is kept until it matters no more, and hardly longer.
	 */
	@ParameterizedTest
	@MethodSource("lifetimes")
	void aKeyLivesForAsLongAsItMatters(Limit limit, Duration least, Duration most) {
		BoundPolicy limiter = Bound.in(this.store, Policy.of("api", limit));
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
				arguments(Limit.valueOf("5/1m fixed-window"), Duration.ZERO, minute),
				arguments(FixedWindow.of(5, new CalendarWindow(CalendarWindow.Unit.DAY, ZoneOffset.UTC)), Duration.ZERO,
						Duration.ofDays(1)),
				arguments(Limit.valueOf("5/1m token-bucket burst 5"), minute, minute),
				arguments(Limit.valueOf("5/1m token-bucket burst 10"), minute.multipliedBy(2), minute.multipliedBy(2)),
				arguments(LeakyBucket.of(5, minute, minute), minute, minute.multipliedBy(2)));
	}

	/**
	 * Not every grant sets anew when a key expires.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "50/500ms", "100000/500ms" })
	void aKeyInUseLivesForAsLongAsItMatters(Limit limit) {
		BoundPolicy limiter = Bound.in(this.store, Policy.of("api", limit));
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
		Bound.in(this.store, Policy.of("api", Limit.valueOf("5/1s"), Limit.valueOf("50/1h"), Limit.valueOf("20/1m")))
			.tryAcquire("key");
		assertThat(commands.pttl(KEY)).isBetween(Duration.ofMinutes(59).toMillis(), Duration.ofHours(1).toMillis() + 1);
	}

	@Test
	void aKeyThatMattersNoMoreIsGone() {
		BoundPolicy limiter = Bound.in(this.store, Policy.of("api", Limit.valueOf("5/100ms")));
		limiter.tryAcquire("key", 5);
		assertThat(commands.pttl(KEY)).as("-1 would be a key without an end").isNotEqualTo(-1);
		Wait.until("the end of the key", () -> commands.exists(KEY) == 0);
		assertThat(limiter.tryAcquire("key", 5).allowed()).isTrue();
	}

	/**
	 * The time that something was held is measured before the call is sent.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "5/1h", "100/10s" })
	void whatIsGivenBackByACallThatTakesLongIsThereAgain(Limit limit) {
		ServerClock clock = new ServerClock();
		try (RedisRateLimitStore store = server.store().script(TestScript.turnedInCallsBy(clock)).build()) {
			BoundPolicy limiter = Bound.in(store, Policy.of("api", limit));
			Decision granted = limiter.tryAcquire("key", 5);
			clock.advance(Duration.ofMillis(250));
			limiter.giveBack("key", 5, granted).toCompletableFuture().join();
			assertThat(limiter.peek("key").remaining()).isEqualTo(limit.permits());
		}
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
			BoundPolicy limiter = Bound.in(turned, Policy.of("api", limit));
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
		List<BoundClaim> claims = policies.stream().map((policy) -> Bound.claim(this.store, policy, key, 2)).toList();
		assertThat(this.store.tryAcquireAll(claims)).extracting(Decision::remaining).containsExactly(3L, 1L);
		assertThat(commands.keys("*")).containsExactlyInAnyOrder("ratelimit:{" + key + "}api",
				"ratelimit:{" + key + "}login");
		Bound.in(this.store, policies.get(0)).reset(key);
		assertThat(Bound.in(this.store, policies.get(0)).peek(key).remaining()).isEqualTo(5);
		assertThat(Bound.in(this.store, policies.get(1)).peek(key).remaining()).isOne();
	}

	/**
	 * Two instances while a change is rolled out: each decides by its own number, and
	 * both count all that was taken.
	 */
	@Test
	void instancesWithDifferentLimitsCountTogether() {
		try (RedisRateLimitStore changed = server.store().build()) {
			BoundPolicy former = Bound.in(this.store, Policy.of("api", Limit.valueOf("5/1h"), Limit.valueOf("3/1m")));
			BoundPolicy latter = Bound.in(changed, Policy.of("api", Limit.valueOf("200/1h"), Limit.valueOf("4/1m")));
			assertThat(former.tryAcquire("key", 3).allowed()).isTrue();
			assertThat(former.tryAcquire("key").allowed()).isFalse();
			assertThat(latter.tryAcquire("key").remaining()).isZero();
			assertThat(latter.tryAcquire("key").allowed()).isFalse();
			assertThat(former.peek("key").remaining()).isZero();
		}
	}

	@Test
	void aLimitThatOneInstanceDoesNotHaveIsDroppedByItsNextGrant() {
		try (RedisRateLimitStore changed = server.store().build()) {
			BoundPolicy both = Bound.in(this.store, Policy.of("api", Limit.valueOf("50/1h"), Limit.valueOf("3/1m")));
			BoundPolicy one = Bound.in(changed, Policy.of("api", Limit.valueOf("50/1h")));
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
			assertThat(Bound.in(earlier, policy).tryAcquire("key", limit.capacity()).allowed()).isTrue();
			Decision refusal = Bound.in(later, policy).tryAcquire("key");
			assertThat(refusal.allowed()).isFalse();
			assertThat(refusal.retryAfterNanos()).isPositive()
				.isLessThanOrEqualTo(limit.window().plus(step).plusSeconds(2).toNanos());
			after.advance(Duration.ofNanos(refusal.retryAfterNanos()));
			assertThat(Bound.in(later, policy).tryAcquire("key").allowed()).isTrue();
		}
	}

	/**
	 * Also where that is not the day that another claim of the batch is counted on.
	 */
	@Test
	void aDayThatIsYetToComeStaysUsed() {
		ServerClock before = new ServerClock();
		ServerClock after = new ServerClock();
		before.advance(Duration.ofDays(5));
		Policy policy = Policy.of("api",
				FixedWindow.of(5, new CalendarWindow(CalendarWindow.Unit.DAY, ZoneOffset.UTC)));
		try (RedisRateLimitStore earlier = turned(before); RedisRateLimitStore later = turned(after)) {
			assertThat(Bound.in(earlier, policy).tryAcquire("key", 5).allowed()).isTrue();
			List<BoundClaim> claims = List.of(Bound.claim(this.store, policy, "key", 1),
					Bound.claim(this.store, policy, "fine", 1));
			assertThat(later.tryAcquireAll(claims)).extracting(Decision::allowed).containsExactly(false, true);
			assertThat(Bound.in(later, policy).tryAcquire("fine").remaining()).isEqualTo(4);
			Decision refusal = Bound.in(later, policy).peek("key");
			assertThat(refusal.retryAfterNanos()).isBetween(Duration.ofDays(5).toNanos(), Duration.ofDays(6).toNanos());
			after.advance(Duration.ofNanos(refusal.retryAfterNanos()));
			assertThat(Bound.in(later, policy).peek("key").remaining()).isEqualTo(5);
		}
	}

	static Stream<Limit> onEveryAlgorithm() {
		return Stream.of(Limit.valueOf("5/1m"), Limit.valueOf("100/1m"), Limit.valueOf("5/1m fixed-window"),
				Limit.valueOf("5/1m token-bucket burst 5"), Limit.valueOf("5/1m leaky-bucket max-wait 30s"));
	}

	private static RedisRateLimitStore turned(ServerClock clock) {
		return server.store().script(TestScript.turnedBy(clock)).build();
	}

}
