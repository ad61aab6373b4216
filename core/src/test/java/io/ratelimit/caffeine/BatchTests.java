package io.ratelimit.caffeine;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.BoundClaim;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a batch must not hold while it waits.
 */
@Timeout(60)
class BatchTests {

	private static final Policy POLICY = Policy.of("api", Limit.valueOf("3/1m"));

	private final ExecutorService thread = Executors.newSingleThreadExecutor();

	@AfterEach
	void end() {
		this.thread.shutdownNow();
	}

	/**
	 * The keys have the same hash code, so that the cache lets one thread at a time
	 * change anything about the three of them. The batch is led to where it holds the
	 * first cell and finds the second retired, while the third key is being made.
	 */
	@Test
	void aBatchHoldsNoCellWhileItWaitsToRemoveAnother() throws Exception {
		StoreClock clock = new StoreClock(Ticker.systemTicker(), Clock.systemUTC());
		PolicyCounter counter = new PolicyCounter(POLICY, clock, null);
		Cells cells = new Cells(counter, clock, 100, (atLimit) -> {
		});
		CaffeinePolicy limiter = new CaffeinePolicy(POLICY, 0, clock, (same) -> cells, new BoundPolicies());
		Cell first = limiter.generation().cell("AaAa");
		Cell second = limiter.generation().cell("AaBB");
		Batch batch = new Batch(List.of(BoundClaim.of(limiter, "AaAa", 1), BoundClaim.of(limiter, "AaBB", 1)));
		second.lock();
		Future<Decision[]> decided = this.thread.submit(() -> batch.decide(clock));
		cells.get("BBBB", (third) -> {
			assertThat(comesTrue(() -> !isFree(first))).as("the batch holds the first cell").isTrue();
			second.retire();
			assertThat(comesTrue(() -> isFree(first))).as("the batch lets go of the first cell").isTrue();
			return counter.newCell();
		});
		assertThat(decided.get(10, TimeUnit.SECONDS)).allMatch(Decision::allowed);
	}

	private static boolean isFree(Cell cell) {
		boolean free = cell.tryLock();
		if (free) {
			cell.unlock();
		}
		return free;
	}

	@SuppressWarnings("ThreadPriorityCheck") // yields to the batch
	private static boolean comesTrue(BooleanSupplier condition) {
		long start = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(10)) {
				return false;
			}
			Thread.yield();
		}
		return true;
	}

}
