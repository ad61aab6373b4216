package io.ratelimit.redis;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.ratelimit.CalendarWindow;
import io.ratelimit.Limit;
import io.ratelimit.Policy;

/**
 * A process that claims permits of one key as fast as it can, for three windows and a
 * little more. Its clock is used for windows of the calendar only, and there it can be
 * off.
 */
final class Hammer {

	static final String READY = "ready";

	static final int PERMITS = 100;

	private static final Policy POLICY = Policy.of("api", Limit.of(PERMITS, Duration.ofSeconds(1)),
			Limit.of(1_000_000, new CalendarWindow(CalendarWindow.Unit.DAY, ZoneOffset.UTC)));

	private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(3500);

	private Hammer() {
	}

	/**
	 * Runs the process.
	 * @param arguments the server's port, and how many seconds the clock is ahead
	 */
	public static void main(String[] arguments) throws IOException {
		RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", Integer.parseInt(arguments[0])));
		try (RedisRateLimitStore store = RedisRateLimitStore.builder(client)
			.timeout(Duration.ofSeconds(10))
			.script(Script.of(TestScript.LOGGED, UnaryOperator.identity()))
			.build()) {
			RedisRateLimiter limiter = (RedisRateLimiter) store.limiter(POLICY);
			limiter.peek("key");
			Instant believed = Instant.now().plusSeconds(Long.parseLong(arguments[1]));
			limiter.replace(EncodedPolicy.of(POLICY).around(ChronoUnit.MICROS.between(Instant.EPOCH, believed)));
			System.out.println(READY);
			int start = System.in.read();
			long begin = System.nanoTime();
			long granted = 0;
			while (start >= 0 && System.nanoTime() - begin < NANOS) {
				granted += limiter.tryAcquire("key").allowed() ? 1 : 0;
			}
			System.out.println(granted);
		}
		finally {
			client.shutdown(0, 1, TimeUnit.SECONDS);
		}
	}

}
