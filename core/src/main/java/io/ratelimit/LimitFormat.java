package io.ratelimit;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Reads the written form of a limit: {@code <permits>/<window>}, and options behind it.
 */
final class LimitFormat {

	private static final Map<String, Function<LimitWords, Limit>> ALGORITHMS = Map.of(SlidingWindow.ALGORITHM,
			SlidingWindow::read, FixedWindow.ALGORITHM, FixedWindow::read, TokenBucket.ALGORITHM, TokenBucket::read,
			LeakyBucket.ALGORITHM, LeakyBucket::read);

	private LimitFormat() {
	}

	static Limit parse(String text) {
		try {
			LimitWords words = new LimitWords(text, ALGORITHMS.keySet());
			return Objects.requireNonNull(ALGORITHMS.get(words.algorithm())).apply(words).withName(words.name());
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'%s' is not a limit: %s".formatted(text, ex.getMessage()));
		}
	}

}
