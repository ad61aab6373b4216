package io.ratelimit.caffeine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntFunction;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * More threads than processors get as many permits as there are, while the store drops
 * keys under their hands.
 */
@Timeout(60)
class StressTests {

	private static final int THREADS = 8;

	private static final long WINDOW = Duration.ofMinutes(1).toNanos();

	private final AtomicLong time = new AtomicLong();

	private final ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1, (task) -> {
		Thread thread = new Thread(task, "stress");
		thread.setDaemon(true);
		return thread;
	});

	@AfterEach
	void disperse() {
		this.executor.shutdownNow();
	}

	@ParameterizedTest
	@ValueSource(strings = { "64/1m", "250/1m", "20000/1m", "3000000/1m" })
	void threadsOnOneKeyAreGrantedTheLimit(String limit) throws Exception {
		CaffeineRateLimitStore store = store(1000);
		Policy policy = Policy.of("api", Limit.valueOf(limit));
		BoundPolicy limiter = store.bind(policy);
		long portion = Math.max(1, policy.capacity() / 20_000);
		assertThat(run((thread) -> () -> {
			long granted = 0;
			while (limiter.tryAcquire("k", portion).allowed()) {
				granted += portion;
			}
			return granted;
		})).isEqualTo(policy.capacity());
	}

	@Test
	void theFirstTouchOfEveryKeyGrantsItsLimitOnce() throws Exception {
		BoundPolicy limiter = store(100_000).bind(Policy.of("api", Limit.valueOf("3/1m")));
		int rounds = 2000;
		AtomicLongArray granted = new AtomicLongArray(rounds);
		CyclicBarrier together = new CyclicBarrier(THREADS);
		run((thread) -> () -> {
			for (int round = 0; round < rounds; round++) {
				together.await();
				if (limiter.tryAcquire("k" + round).allowed()) {
					granted.incrementAndGet(round);
				}
			}
			return 0L;
		});
		for (int round = 0; round < rounds; round++) {
			assertThat(granted.get(round)).as("round %d", round).isEqualTo(3);
		}
	}

	@Test
	void everyWindowGrantsItsLimitWhileTheStoreIsSwept() throws Exception {
		CaffeineRateLimitStore store = store(1000);
		BoundPolicy limiter = store.bind(Policy.of("api", Limit.valueOf("3/1m")));
		int rounds = 2000;
		AtomicLongArray granted = new AtomicLongArray(rounds);
		CyclicBarrier together = new CyclicBarrier(THREADS, () -> this.time.addAndGet(WINDOW));
		AtomicBoolean done = new AtomicBoolean();
		Future<?> sweeper = this.executor.submit(() -> {
			while (!done.get()) {
				store.sweep();
			}
		});
		run((thread) -> () -> {
			for (int round = 0; round < rounds; round++) {
				together.await();
				if (limiter.tryAcquire("k").allowed()) {
					granted.incrementAndGet(round);
				}
			}
			return 0L;
		});
		done.set(true);
		sweeper.get(30, TimeUnit.SECONDS);
		for (int round = 0; round < rounds; round++) {
			assertThat(granted.get(round)).as("round %d", round).isEqualTo(3);
		}
	}

	@Test
	void aKeyBesideManyOthersIsGrantedItsLimitAsLongAsNothingIsEvicted() throws Exception {
		CaffeineRateLimitStore store = store(100);
		BoundPolicy limiter = store.bind(Policy.of("api", Limit.valueOf("5000/1m")));
		assertThat(run((thread) -> () -> {
			long granted = 0;
			for (int i = 0; i < 5000; i++) {
				granted += limiter.tryAcquire("k").allowed() ? 1 : 0;
				limiter.tryAcquire("other" + i % 99);
			}
			return granted;
		})).isEqualTo(5000);
		assertThat(store.evictions()).isZero();
	}

	/**
	 * An eviction forgets what its key had used, and nothing beyond: a key's permits are
	 * granted once, and once more for each time that it was evicted.
	 */
	@Test
	void evictionsGiveNoMorePermitsThanTheyForget() throws Exception {
		CaffeineRateLimitStore store = store(16);
		BoundPolicy limiter = store.bind(Policy.of("api", Limit.valueOf("1/1m")));
		int keys = 64;
		long granted = run((thread) -> () -> {
			long sum = 0;
			for (int i = 0; i < 20_000; i++) {
				sum += limiter.tryAcquire("k" + (i * (thread + 1) % keys)).allowed() ? 1 : 0;
			}
			return sum;
		});
		assertThat(store.evictions()).isPositive();
		assertThat(granted).isLessThanOrEqualTo(keys + store.evictions());
	}

	@Test
	void aCellThatIsEvictedIsRetired() {
		CaffeineRateLimitStore store = store(16);
		CaffeinePolicy limiter = (CaffeinePolicy) store.bind(Policy.of("api", Limit.valueOf("5/1m")));
		Cell cell = limiter.generation().cell("k");
		for (int i = 0; i < 100_000 && cell.tryLock(); i++) {
			cell.unlock();
			limiter.tryAcquire("other" + i);
		}
		assertThat(cell.tryLock()).isFalse();
	}

	/**
	 * By the machine's clock, which goes on between a grant and its return.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "64/1h", "100/1h", "64/1h fixed-window", "7/1h, 70/2h" })
	void whatManyThreadsGiveBackIsNeitherLostNorGrantedTwice(String limits) throws Exception {
		CaffeineRateLimitStore store = CaffeineRateLimitStore.builder().build();
		BoundPolicy policy = store.bind(Policy.of("api", Limit.valuesOf(limits)));
		long capacity = policy.policy().capacity();
		AtomicLong out = new AtomicLong();
		AtomicLong most = new AtomicLong();
		long returned = run((thread) -> () -> {
			long sum = 0;
			while (sum < 100_000 / THREADS) {
				Decision granted = policy.tryAcquire("key", 1 + sum % 3);
				if (granted.allowed()) {
					long permits = 1 + sum % 3;
					most.accumulateAndGet(out.addAndGet(permits), Math::max);
					out.addAndGet(-permits);
					policy.giveBack("key", permits, granted);
					sum += permits;
				}
			}
			return sum;
		});
		assertThat(returned).isGreaterThanOrEqualTo(100_000);
		assertThat(most.get()).isLessThanOrEqualTo(capacity);
		assertThat(policy.tryAcquire("key", capacity).allowed()).isTrue();
		assertThat(policy.tryAcquire("key").allowed()).isFalse();
		store.close();
	}

	private CaffeineRateLimitStore store(long maximumKeys) {
		return CaffeineRateLimitStore.builder().maximumKeys(maximumKeys).ticker(this.time::get).build();
	}

	private long run(IntFunction<Callable<Long>> task) throws Exception {
		CyclicBarrier start = new CyclicBarrier(THREADS);
		List<Future<Long>> results = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			Callable<Long> callable = task.apply(i);
			results.add(this.executor.submit(() -> {
				start.await();
				return callable.call();
			}));
		}
		long sum = 0;
		for (Future<Long> result : results) {
			sum += result.get(30, TimeUnit.SECONDS);
		}
		return sum;
	}

}
