package io.ratelimit.tck;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads get as much as one of them would have got, to the permit, and none waits
 * for another for ever.
 */
abstract class ConcurrencyLaws extends Laws {

	private static final int ROUNDS = 20;

	private Crowd crowd;

	@BeforeEach
	void gather() {
		this.crowd = new Crowd(contract().threads(), contract().patience());
	}

	@AfterEach
	void disperse() {
		this.crowd.close();
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void threadsOnOneKeyTakeExactlyTheLimit(Limit limit) throws Exception {
		BoundPolicy limiter = limiter(limit);
		long portion = Math.max(1, limit.capacity() / 100);
		for (int i = 0; i < ROUNDS; i++) {
			String key = "key" + i;
			long granted = this.crowd.run((thread) -> () -> takeAll(limiter, key, portion));
			assertThat(granted).isEqualTo(limit.capacity() / portion * portion);
		}
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void stagesCompletedByManyThreadsTakeExactlyTheLimit(Limit limit) throws Exception {
		BoundPolicy limiter = limiter(limit);
		long portion = Math.max(1, limit.capacity() / 20);
		long granted = this.crowd.run((thread) -> () -> {
			long sum = 0;
			while (limiter.tryAcquireAsync("key", portion).toCompletableFuture().join().allowed()) {
				sum += portion;
			}
			return sum;
		});
		assertThat(granted).isEqualTo(limit.capacity() / portion * portion);
	}

	@ParameterizedTest
	@MethodSource("slidingUpTo64")
	void threadsTakeExactlyWhatOneWouldWhileTimePasses(Limit limit) throws Exception {
		BoundPolicy limiter = limiter(limit);
		Model model = model(limit);
		Random random = new Random(contract().seed());
		for (int i = 0; i < 5 * ROUNDS; i++) {
			long most = 1L + random.nextInt((int) limit.permits());
			long granted = this.crowd.run((thread) -> () -> take(limiter, "key", most));
			long expected = Math.min(model.remaining(now()), most * this.crowd.size());
			assertThat(granted).as("seed %d, round %d", contract().seed(), i).isEqualTo(expected);
			if (granted > 0) {
				model.take(granted, now());
			}
			advance(random.nextInt(1000) * (limit.window().toNanos() / 2000 / step() * step()));
		}
	}

	@Test
	void theFirstTouchOfAKeyIsCountedOnce() throws Exception {
		BoundPolicy limiter = limiter(Limit.valueOf("1/1m"), Limit.valueOf("100/1h"));
		CyclicBarrier together = new CyclicBarrier(this.crowd.size());
		int keys = 20 * ROUNDS;
		long granted = this.crowd.run((thread) -> () -> {
			long sum = 0;
			for (int i = 0; i < keys; i++) {
				together.await(contract().patience().toMillis(), TimeUnit.MILLISECONDS);
				sum += limiter.tryAcquire("key" + i).allowed() ? 1 : 0;
			}
			return sum;
		});
		assertThat(granted).isEqualTo(keys);
	}

	@Test
	void batchesOfOppositeOrdersNeitherBlockNorOvertakeEachOther() throws Exception {
		Policy one = Policy.of("one", Limit.valueOf("50/1m"));
		Policy two = Policy.of("two", Limit.valueOf("80/1m"), Limit.valueOf("1000/1h"));
		for (int i = 0; i < ROUNDS; i++) {
			String key = "key" + i;
			List<BoundClaim> there = List.of(claim(one, key, 1), claim(two, key, 1), claim(two, "b" + key, 1));
			List<BoundClaim> back = List.of(claim(two, "b" + key, 1), claim(two, key, 1), claim(one, key, 1));
			long granted = this.crowd.run((thread) -> () -> takeAll((thread % 2 == 0) ? there : back));
			assertThat(granted).isEqualTo(50);
			assertThat(bind(one).peek(key).remaining()).isZero();
			assertThat(bind(two).peek(key).remaining()).isEqualTo(30);
			assertThat(bind(two).peek("b" + key).remaining()).isEqualTo(30);
		}
	}

	@Test
	void batchesAndSingleClaimsTogetherTakeExactlyTheLimit() throws Exception {
		Policy one = Policy.of("one", Limit.valueOf("60/1m"));
		Policy two = Policy.of("two", Limit.valueOf("40/1m"));
		BoundPolicy limiter = bind(one);
		for (int i = 0; i < ROUNDS; i++) {
			String key = "key" + i;
			List<BoundClaim> claims = List.of(claim(two, key, 1), claim(one, key, 1));
			long granted = this.crowd
				.run((thread) -> () -> (thread % 2 == 0) ? takeAll(limiter, key, 1) : takeAll(claims));
			assertThat(granted).isEqualTo(60);
			assertThat(limiter.peek(key).remaining()).isZero();
		}
	}

	@Test
	void peeksAndReplacementsInBetweenTakeAndForgetNothing() throws Exception {
		BoundPolicy limiter = limiter(Limit.valueOf("100/1m"));
		for (int i = 0; i < ROUNDS; i++) {
			String key = "key" + i;
			limiter(Limit.valueOf("100/1m"));
			long granted = this.crowd.run((thread) -> () -> {
				if (thread > 0) {
					return take(limiter, key, 200);
				}
				for (int j = 0; j < 50; j++) {
					limiter.peek(key);
					limiter((j % 2 == 0) ? Limit.valueOf("50/1m") : Limit.valueOf("100/1m"));
				}
				return 0L;
			});
			assertThat(granted + exhaust(limiter, key)).isEqualTo(100);
		}
	}

	@Test
	@SuppressWarnings("ThreadPriorityCheck") // of the yield
	void permitsGivenBackAreNeverOutTwice() throws Exception {
		BoundPolicy limiter = limiter(Limit.valueOf("3/1m"));
		AtomicLong out = new AtomicLong();
		AtomicLong most = new AtomicLong();
		AtomicLong granted = new AtomicLong();
		long left = this.crowd.run((thread) -> () -> {
			long sum = 0;
			int grants = 0;
			for (int i = 0; i < 1000 * ROUNDS && grants < ROUNDS; i++) {
				Decision decision = limiter.tryAcquire("key", 2);
				if (decision.allowed()) {
					grants++;
					granted.incrementAndGet();
					most.accumulateAndGet(out.addAndGet(2), Math::max);
					sum += limiter.peek("key").remaining();
					out.addAndGet(-2);
					limiter.giveBack("key", 2, decision).toCompletableFuture().join();
				}
				else {
					Thread.yield();
				}
			}
			return sum;
		});
		assertThat(most.get()).isEqualTo(2);
		assertThat(left).as("left beside each grant").isEqualTo(granted.get());
		assertThat(limiter.peek("key").remaining()).isEqualTo(3);
	}

	@Test
	void aResetOfAllKeysGrantsNoMoreThanAWholeLimitAnew() throws Exception {
		BoundPolicy limiter = limiter(Limit.valueOf("50/1m"));
		for (int i = 0; i < ROUNDS; i++) {
			long granted = this.crowd.run((thread) -> () -> {
				if (thread == 0) {
					limiter.resetAll();
				}
				return take(limiter, "key", 100);
			});
			assertThat(granted).isBetween(50L, 100L);
			assertThat(limiter.peek("key").remaining()).isZero();
			limiter.resetAll();
			assertThat(limiter.peek("key").remaining()).isEqualTo(50);
		}
	}

	@Test
	void whatWasTakenBeforeAResetOfAllKeysIsNotGivenBackMeanwhile() throws Exception {
		BoundPolicy limiter = limiter(Limit.valueOf("50/1m"));
		for (int i = 0; i < ROUNDS; i++) {
			limiter.resetAll();
			Decision granted = limiter.tryAcquire("key", 50);
			assertThat(granted.allowed()).isTrue();
			advance(step());
			long after = this.crowd.run((thread) -> () -> {
				if (thread == 0) {
					limiter.resetAll();
					return takeAll(limiter, "key", 1);
				}
				if (thread == 1) {
					limiter.giveBack("key", 50, granted).toCompletableFuture().join();
				}
				return 0L;
			});
			assertThat(after).as("round %d", i).isEqualTo(50);
			assertThat(limiter.tryAcquire("key").allowed()).as("round %d", i).isFalse();
		}
	}

	private long takeAll(List<BoundClaim> claims) {
		long sum = 0;
		while (this.store.tryAcquireAll(claims).stream().allMatch(Decision::allowed)) {
			sum++;
		}
		return sum;
	}

	private static long takeAll(BoundPolicy limiter, String key, long permits) {
		long sum = 0;
		while (limiter.tryAcquire(key, permits).allowed()) {
			sum += permits;
		}
		return sum;
	}

	private static long take(BoundPolicy limiter, String key, long most) {
		long sum = 0;
		for (int i = 0; i < most; i++) {
			sum += limiter.tryAcquire(key).allowed() ? 1 : 0;
		}
		return sum;
	}

}
