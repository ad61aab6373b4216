package io.ratelimit.caffeine;

import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What is this store's own affair: memory, sweeping and eviction.
 */
class CaffeineRateLimitStoreTests {

	private final AtomicLong time = new AtomicLong();

	private final CaffeineRateLimitStore store = CaffeineRateLimitStore.builder()
		.maximumKeys(1000)
		.ticker(this.time::get)
		.build();

	@AfterEach
	void close() {
		this.store.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "5/1m", "500/1m" })
	void aKeyThatFellSilentForItsWindowIsSweptOut(String limit) {
		BoundPolicy limiter = this.store.bind(Policy.of("api", Limit.valueOf(limit)));
		limiter.tryAcquire("k");
		this.time.addAndGet(Duration.ofSeconds(59).toNanos());
		this.store.sweep();
		assertThat(this.store.keys()).isEqualTo(1);
		this.time.addAndGet(Duration.ofSeconds(3).toNanos());
		this.store.sweep();
		assertThat(this.store.keys()).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 65, 100, 70_000, 5_000_000_000L })
	void segmentsTooManyOrTooFullForALightCellCountTheSame(long permits) {
		Duration window = Duration.ofNanos(60); // a segment every nanosecond
		BoundPolicy limiter = this.store.bind(Policy.of("api", Limit.of(permits, window)));
		for (long moment : new long[] { 0, (1L << 46) - 30, 1L << 50 }) {
			this.time.set(moment);
			String key = "at" + moment;
			assertThat(limiter.tryAcquire(key, permits - 1).allowed()).isTrue();
			this.time.addAndGet(30);
			assertThat(limiter.tryAcquire(key, 2).allowed()).isFalse();
			assertThat(limiter.tryAcquire(key, 1).allowed()).isTrue();
			this.time.addAndGet(30);
			assertThat(limiter.tryAcquire(key, permits).retryAfterNanos()).isEqualTo(31);
			assertThat(limiter.tryAcquire(key, 1).retryAfterNanos()).isEqualTo(1);
			this.time.addAndGet(1);
			assertThat(limiter.peek(key).remaining()).isEqualTo(permits - 1);
			this.time.addAndGet(30);
			assertThat(limiter.peek(key).remaining()).isEqualTo(permits);
		}
	}

	@Test
	void refusalsAndPeeksOfUnknownKeysLeaveNothing() {
		BoundPolicy limiter = this.store.bind(Policy.of("api", Limit.valueOf("5/1m")));
		Decision granted = limiter.tryAcquire("granted");
		limiter.reset("granted");
		for (int i = 0; i < 100; i++) {
			limiter.peek("peek" + i);
			limiter.tryAcquire("never" + i, 6);
			limiter.reset("reset" + i);
			limiter.giveBack("back" + i, 1, granted);
		}
		assertThat(this.store.keys()).isZero();
	}

	@Test
	void memoryIsBoundedAndEvictionsAreCounted() {
		BoundPolicy limiter = this.store.bind(Policy.of("api", Limit.valueOf("5/1m")));
		for (int i = 0; i < 20_000; i++) {
			limiter.tryAcquire("k" + i);
		}
		assertThat(this.store.keys()).isLessThan(3000);
		assertThat(this.store.evictions()).isPositive();
		assertThat(this.store.evictionsAtLimit()).isZero();
	}

	@Test
	void keysThatWereAtTheirLimitAndHadToGoAreCountedApart() {
		BoundPolicy limiter = this.store.bind(Policy.of("api", Limit.valueOf("1/1m")));
		int granted = 0;
		for (int i = 0; i < 40_000; i++) {
			granted += limiter.tryAcquire("k" + i % 20_000).allowed() ? 1 : 0;
		}
		// where Caffeine drops keys
		assertThat(ForkJoinPool.commonPool().awaitQuiescence(1, TimeUnit.MINUTES)).isTrue();
		assertThat(this.store.keys()).isLessThan(3000);
		assertThat(this.store.evictionsAtLimit()).isPositive().isEqualTo(this.store.evictions());
		assertThat(granted - 20_000L).isPositive().isLessThanOrEqualTo(this.store.evictionsAtLimit());
	}

	@ParameterizedTest
	@ValueSource(strings = { "5/1m", "500/1m" })
	void aFloodOfOtherKeysDoesNotLiftALimitThatIsReached(String limit) {
		BoundPolicy limiter = this.store.bind(Policy.of("api", Limit.valueOf(limit)));
		long permits = limiter.policy().capacity();
		for (int i = 0; i < 50; i++) {
			assertThat(limiter.tryAcquire("over" + i, permits).allowed()).isTrue();
		}
		for (int round = 0; round < 5; round++) {
			for (int i = 0; i < 20_000; i++) {
				limiter.tryAcquire("flood" + round + "." + i);
			}
			for (int i = 0; i < 50; i++) {
				assertThat(limiter.tryAcquire("over" + i).allowed()).as("key %d in round %d", i, round).isFalse();
			}
			assertThat(this.store.keys()).isLessThan(3000);
		}
		this.time.addAndGet(Duration.ofMinutes(2).toNanos());
		this.store.sweep();
		assertThat(this.store.keys()).isZero();
		assertThat(limiter.tryAcquire("over0", permits).allowed()).isTrue();
	}

	@Test
	void aReplacedPolicyKeepsWhatWasUsedUntilItsWindowIsOver() {
		BoundPolicy limiter = this.store.bind(Policy.of("api", Limit.valueOf("5/1m")));
		limiter.tryAcquire("k", 5);
		limiter.replace(Policy.of("api", Limit.valueOf("500/1m")));
		limiter.replace(Policy.of("api", Limit.valueOf("7/1m")));
		assertThat(limiter.peek("k").remaining()).isEqualTo(2);
		this.time.addAndGet(Duration.ofMinutes(3).toNanos());
		this.store.sweep();
		assertThat(this.store.keys()).isZero();
		assertThat(limiter.peek("k").remaining()).isEqualTo(7);
	}

	@Test
	void manyReplacementsLeaveNothingBehind() {
		CaffeinePolicy policy = (CaffeinePolicy) this.store.bind(Policy.of("api", Limit.valueOf("50/1h")));
		for (int i = 0; i < 20; i++) {
			policy.tryAcquire("before" + i, 7);
		}
		WeakReference<Generation> former = new WeakReference<>(policy.generation());
		for (int i = 0; i < 25_000; i++) {
			policy.replace(Policy.of("api", Limit.of(51 + i % 2, Duration.ofHours(1))));
		}
		assertThat(this.store.keys()).isEqualTo(20);
		for (int i = 0; i < 200; i++) {
			assertThat(policy.tryAcquire("after" + i).remaining()).isEqualTo(51);
		}
		for (int i = 0; i < 20; i++) {
			assertThat(policy.peek("before" + i).remaining()).isEqualTo(45);
		}
		assertThat(this.store.keys()).isEqualTo(220);
		assertThat(isCollected(former)).isTrue();
	}

	@Test
	void looksAfterAReplacementMakeNoCells() {
		BoundPolicy policy = this.store.bind(Policy.of("api", Limit.valueOf("5/1h")));
		for (int i = 0; i < 900; i++) {
			policy.tryAcquire("client" + i, 5);
		}
		policy.replace(Policy.of("api", Limit.valueOf("6/1h")));
		for (int i = 0; i < 200_000; i++) {
			policy.peek("stranger" + i);
		}
		assertThat(this.store.keys()).isEqualTo(900);
		for (int i = 0; i < 900; i++) {
			assertThat(policy.peek("client" + i).remaining()).isEqualTo(1);
		}
	}

	/**
	 * Credential stuffing: a few guesses for each of more names than are kept.
	 */
	@Test
	void guessesInACycleOverMoreNamesThanAreKeptDoNotExceedTheLimitOfAny() {
		int names = 1100;
		BoundPolicy policy = this.store.bind(Policy.of("login", Limit.valueOf("5/15m")));
		int[] granted = new int[names];
		for (int cycle = 0; cycle < 10; cycle++) {
			for (int name = 0; name < names; name++) {
				for (int guess = 0; guess < 4; guess++) {
					granted[name] += policy.tryAcquire("name" + name).allowed() ? 1 : 0;
				}
			}
		}
		assertThat(granted).containsOnly(5);
	}

	@Test
	void sweepingGoesOnAfterAnError() {
		Deque<Runnable> later = new ArrayDeque<>();
		AtomicBoolean broken = new AtomicBoolean();
		CaffeineRateLimitStore store = CaffeineRateLimitStore.builder().clock(new Clock() {
			@Override
			public ZoneId getZone() {
				return ZoneOffset.UTC;
			}

			@Override
			public Clock withZone(ZoneId zone) {
				return this;
			}

			@Override
			public Instant instant() {
				if (broken.get()) {
					throw new NoClassDefFoundError("on purpose");
				}
				return Instant.EPOCH;
			}
		}).build();
		CaffeineRateLimitStore.sweepFromTimeToTime(new WeakReference<>(store), later::add);
		broken.set(true);
		for (int i = 0; i < 3; i++) {
			later.remove().run();
			assertThat(later).hasSize(1);
		}
		store.close();
		later.remove().run();
		assertThat(later).isEmpty();
	}

	@Test
	void sweepingLosesNoGrant() throws Exception {
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService threads = Executors.newFixedThreadPool(5);
		Future<?> sweeper = threads.submit(() -> {
			while (!done.get()) {
				this.store.sweep();
			}
		});
		for (int round = 0; round < 2000; round++) {
			BoundPolicy limiter = this.store.bind(Policy.of("api", Limit.valueOf("3/1m")));
			List<Future<Boolean>> results = new ArrayList<>();
			Callable<Boolean> call = () -> limiter.tryAcquire("k").allowed();
			for (int i = 0; i < 6; i++) {
				results.add(threads.submit(call));
			}
			int allowed = 0;
			for (Future<Boolean> result : results) {
				allowed += result.get(10, TimeUnit.SECONDS) ? 1 : 0;
			}
			assertThat(allowed).as("round %d", round).isEqualTo(3);
			this.time.addAndGet(Duration.ofMinutes(1).toNanos());
		}
		done.set(true);
		sweeper.get(10, TimeUnit.SECONDS);
		threads.shutdown();
	}

	@Test
	void aStoreThatKeepsNothingIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> CaffeineRateLimitStore.builder().maximumKeys(0))
			.withMessageContaining("a maximum of 0 keys");
	}

	private static boolean isCollected(WeakReference<?> reference) {
		for (int i = 0; i < 100 && reference.get() != null; i++) {
			System.gc();
			LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
		}
		return reference.get() == null;
	}

}
