package io.ratelimit.caffeine;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.ratelimit.LimitResolver;
import io.ratelimit.Plan;
import org.jspecify.annotations.Nullable;

/**
 * Plans of customers that are asked for on a clock that is turned by hand. The answer for
 * those who are called {@code hanging} does not come before it is let go.
 */
final class GivenPlans {

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(1).toNanos());

	final Map<String, Plan> plans = new ConcurrentHashMap<>();

	final Queue<String> asked = new ConcurrentLinkedQueue<>();

	private final CountDownLatch hanging = new CountDownLatch(1);

	volatile boolean down;

	@Nullable Plan plan(String policy, String key) throws InterruptedException {
		this.asked.add(key);
		if (key.startsWith("hanging")) {
			this.hanging.await(100, TimeUnit.SECONDS);
		}
		if (this.down) {
			throw new IllegalStateException("on purpose");
		}
		return this.plans.get(key);
	}

	CachedLimitResolver resolver(Throwing resolver, Duration longestWait, int threads) {
		LimitResolver asked = (policy, key) -> {
			try {
				return resolver.plan(policy, key);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		};
		return new CachedLimitResolver(asked, this.nanos::get, longestWait, threads);
	}

	void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	/**
	 * Lets go of what hangs.
	 */
	void letGo() {
		this.hanging.countDown();
	}

	interface Throwing {

		@Nullable Plan plan(String policy, String key) throws InterruptedException;

	}

}
