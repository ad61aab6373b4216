package io.ratelimit.caffeine;

import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a thread finds that still works with a policy that was replaced.
 */
class GenerationTests {

	private final ThreadLocal<Runnable> beforeReading = ThreadLocal.withInitial(() -> () -> {
	});

	private final StoreClock clock = new StoreClock(() -> {
		this.beforeReading.get().run();
		return System.nanoTime();
	}, Clock.systemUTC());

	private final CaffeinePolicy limiter = new CaffeinePolicy(policy("3/1m"), 0, this.clock,
			(counter) -> new Cells(counter, this.clock, 100, (atLimit) -> {
			}), new BoundPolicies());

	@Test
	void aGenerationThatWasWithdrawnFromGivesNobodyACellToUse() {
		this.limiter.tryAcquire("k", 3);
		this.limiter.replace(policy("4/1m"));
		Generation stale = this.limiter.generation();
		this.limiter.replace(policy("5/1m"));
		this.limiter.tryAcquire("another", 1);
		assertThat(stale.cell("k").lock()).isFalse();
		assertThat(this.limiter.peek("k").remaining()).isEqualTo(2);
	}

	/*
	 * The key is being moved, and is in neither of two generations, while the second of
	 * them is replaced as well.
	 */
	@Test
	@Timeout(30)
	void aKeyThatIsBeingMovedWhileItsPolicyIsReplacedAgainIsNotForgotten() throws Exception {
		this.limiter.tryAcquire("k", 3);
		CountDownLatch replaced = new CountDownLatch(1);
		CountDownLatch moving = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		FutureTask<?> replacement = new FutureTask<>(() -> {
			onReading(1, () -> {
				replaced.countDown();
				await(moving);
			});
			this.limiter.replace(policy("4/1m"));
			this.limiter.replace(policy("5/1m"));
		}, null);
		FutureTask<?> move = new FutureTask<>(() -> {
			await(replaced);
			// the first reading is that of the claim
			onReading(2, () -> {
				moving.countDown();
				await(goOn);
			});
			this.limiter.tryAcquire("k", 1);
		}, null);
		Thread replacing = new Thread(replacement);
		replacing.start();
		new Thread(move).start();
		await(moving);
		while (replacing.isAlive() && replacing.getState() != Thread.State.BLOCKED) {
			Thread.onSpinWait();
		}
		goOn.countDown();
		move.get();
		replacement.get();
		assertThat(this.limiter.peek("k").remaining()).isEqualTo(1);
	}

	/**
	 * Has something done before this thread reads the clock for the n-th time from now
	 * on.
	 */
	private void onReading(int n, Runnable action) {
		AtomicInteger readings = new AtomicInteger();
		this.beforeReading.set(() -> {
			if (readings.incrementAndGet() == n) {
				action.run();
			}
		});
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Policy policy(String limit) {
		return Policy.of("api", Limit.valueOf(limit));
	}

}
