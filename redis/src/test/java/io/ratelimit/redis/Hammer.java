package io.ratelimit.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.ratelimit.BoundPolicy;
import io.ratelimit.CalendarWindow;
import io.ratelimit.FixedWindow;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;

/**
 * A process that claims permits of one key by several threads as fast as they can, for
 * three windows and a little more. Its clock is used for windows of the calendar only,
 * and there it can be off.
 */
final class Hammer {

	static final String READY = "ready";

	static final int PERMITS = 100;

	private static final Limit LIMIT = Limit.of(PERMITS, Duration.ofSeconds(1));

	private static final Limit LIMIT_OF_THE_CALENDAR = FixedWindow.of(1_000_000,
			new CalendarWindow(CalendarWindow.Unit.DAY, ZoneOffset.UTC));

	private static final int THREADS = 4;

	private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(3500);

	private Hammer() {
	}

	/**
	 * Runs the process.
	 * @param arguments the server's port, how many seconds the clock is ahead, and
	 * whether the policy has a window of the calendar too
	 */
	public static void main(String[] arguments) throws Exception {
		Policy policy = Boolean.parseBoolean(arguments[2]) ? Policy.of("api", LIMIT, LIMIT_OF_THE_CALENDAR)
				: Policy.of("api", LIMIT);
		RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", Integer.parseInt(arguments[0])));
		try (RedisRateLimitStore store = RedisRateLimitStore.lazyBuilder(() -> client)
			.timeout(Duration.ofSeconds(10))
			.script(Script.of(TestScript.LOGGED, UnaryOperator.identity()))
			.build()) {
			Wait.until("a connection", () -> isConnected(store));
			RedisPolicy limiter = (RedisPolicy) Bound.in(store, policy);
			limiter.peek("key");
			Instant believed = Instant.now().plusSeconds(Long.parseLong(arguments[1]));
			limiter.around(limiter.line("key", 1).policy(), ChronoUnit.MICROS.between(Instant.EPOCH, believed));
			System.out.println(READY);
			int start = System.in.read();
			if (start >= 0) {
				System.out.println(hammer(limiter));
			}
		}
		finally {
			client.shutdown(0, 1, TimeUnit.SECONDS);
		}
	}

	private static boolean isConnected(RedisRateLimitStore store) {
		try {
			store.ping(Duration.ofMinutes(1));
			return true;
		}
		catch (RateLimitStoreException ex) {
			return false;
		}
	}

	private static long hammer(BoundPolicy limiter) throws Exception {
		long begin = System.nanoTime();
		List<FutureTask<Long>> tasks = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			FutureTask<Long> task = new FutureTask<>(() -> {
				long granted = 0;
				while (System.nanoTime() - begin < NANOS) {
					granted += limiter.tryAcquire("key").allowed() ? 1 : 0;
				}
				return granted;
			});
			new Thread(task).start();
			tasks.add(task);
		}
		long granted = 0;
		for (FutureTask<Long> task : tasks) {
			granted += task.get();
		}
		return granted;
	}

}
