package io.ratelimit.spring.metrics;

import java.util.EnumMap;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * A number for each constant of an enum. Safe for use by many threads.
 */
final class Tally<E extends Enum<E>> {

	/** Never changed once it is made. */
	private final EnumMap<E, LongAdder> numbers;

	Tally(Class<E> type) {
		this.numbers = new EnumMap<>(type);
		for (E constant : type.getEnumConstants()) {
			this.numbers.put(constant, new LongAdder());
		}
	}

	void increment(E constant) {
		number(constant).increment();
	}

	long of(E constant) {
		return number(constant).sum();
	}

	private LongAdder number(E constant) {
		return Objects.requireNonNull(this.numbers.get(constant));
	}

}
