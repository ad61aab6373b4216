package io.ratelimit.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for what another process does.
 */
public final class Wait {

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private Wait() {
	}

	/**
	 * Asks again and again until a condition holds.
	 * @param what what is waited for
	 * @param condition the condition
	 * @return how long that took
	 */
	public static Duration until(String what, BooleanSupplier condition) {
		long begin = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - begin > PATIENCE.toNanos()) {
				throw new AssertionError("not in %s: %s".formatted(PATIENCE, what));
			}
			LockSupport.parkNanos(PAUSE);
		}
		return Duration.ofNanos(System.nanoTime() - begin);
	}

}
