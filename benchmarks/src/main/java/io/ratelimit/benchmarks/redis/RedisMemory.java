package io.ratelimit.benchmarks.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.ratelimit.Limit;

/**
 * Prints how many bytes a key takes in Redis: one that was used once, and one whose limit
 * was used up evenly over its window, when counts of all its segments are there. The
 * windows are short, since the length of a window changes no byte.
 */
public final class RedisMemory {

	private static final Duration WINDOW = Duration.ofSeconds(6);

	private static final int PORTIONS = 100;

	private static final List<Subject> SUBJECTS = List.of(Subject.RATELIMIT, Subject.BUCKET4J, Subject.GATEWAY);

	private RedisMemory() {
	}

	/**
	 * Prints a table.
	 * @param args the server's URI
	 */
	public static void main(String[] args) {
		RedisClient client = RedisClient.create(args[0]);
		try {
			RedisCommands<String, String> server = client.connect().sync();
			System.out.println("| limit | | light | saturated |");
			System.out.println("|---|---|---:|---:|");
			for (long permits : new long[] { 100, 10_000 }) {
				for (Subject subject : SUBJECTS) {
					Caller caller = subject.open(client, Limit.of(permits, WINDOW));
					server.flushdb();
					caller.take("key");
					long light = bytes(server);
					saturate(caller, permits);
					System.out.println("| %,d | %s | %d | %d |".formatted(permits, subject.text, light, bytes(server)));
				}
			}
		}
		finally {
			client.shutdown();
		}
	}

	private static void saturate(Caller caller, long permits) {
		long begin = System.nanoTime();
		for (int portion = 0; portion < PORTIONS; portion++) {
			while (System.nanoTime() - begin < WINDOW.toNanos() / PORTIONS * portion) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
			}
			for (long i = 0; i < permits / PORTIONS; i++) {
				caller.take("key");
			}
		}
	}

	private static long bytes(RedisCommands<String, String> server) {
		return server.keys("*").stream().mapToLong(server::memoryUsage).sum();
	}

}
