package io.ratelimit.tck;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;

import io.ratelimit.FixedWindow;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.TokenBucket;

/**
 * Limits drawn at random, the same ones in every run: of any size and over any time, each
 * as likely to be small as to be large. Windows are whole milliseconds.
 */
final class RandomLimits {

	private static final int COUNT = 6;

	/** Not longer, so that many windows of a trace fit into a clock of nanoseconds. */
	private static final long LONGEST_MILLIS = Duration.ofHours(12).toMillis();

	private static final int[] MINUTES = { 1, 7, 60 };

	private final Random random;

	private RandomLimits(long seed) {
		this.random = new Random(seed);
	}

	static Stream<Limit> slidingUpTo64() {
		RandomLimits limits = new RandomLimits(1);
		return Stream.generate(() -> limits.limit(1, 64)).limit(COUNT);
	}

	static Stream<Limit> slidingAbove64() {
		RandomLimits limits = new RandomLimits(2);
		return Stream.generate(() -> limits.limit(65, 10_000_000_000L)).limit(COUNT);
	}

	static Stream<Limit> fixed() {
		RandomLimits limits = new RandomLimits(3);
		return Stream.<Limit>generate(() -> {
			Duration window = Duration.ofMinutes(MINUTES[limits.random.nextInt(MINUTES.length)]);
			return FixedWindow.of(limits.between(1, 1_000_000_000), window);
		}).limit(COUNT);
	}

	static Stream<Limit> tokenBuckets() {
		RandomLimits limits = new RandomLimits(4);
		return Stream.<Limit>generate(() -> {
			Limit limit = limits.limit(1, 10_000);
			return TokenBucket.of(limit.permits(), limit.window(), limits.between(1, 4 * limit.permits()));
		}).limit(COUNT);
	}

	static Stream<Limit> leakyBuckets() {
		RandomLimits limits = new RandomLimits(5);
		return Stream.<Limit>generate(() -> {
			Limit limit = limits.limit(1, 100_000);
			long longest = Math.max(1, limit.window().toMillis() * 2);
			return LeakyBucket.of(limit.permits(), limit.window(), Duration.ofMillis(limits.between(1, longest)));
		}).limit(COUNT);
	}

	private Limit limit(long least, long most) {
		return Limit.of(between(least, most), Duration.ofMillis(between(100, LONGEST_MILLIS)));
	}

	private long between(long least, long most) {
		double low = Math.log((double) least);
		double high = Math.log((double) most);
		return Math.min(most, Math.max(least, Math.round(Math.exp(low + this.random.nextDouble() * (high - low)))));
	}

}
