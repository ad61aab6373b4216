package io.ratelimit.spring.observe;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * A number for each constant of an enum. Safe for use by many threads.
 */
final class Tally<E extends Enum<E>> {

	private final LongAdder[] numbers;

	Tally(Class<E> type) {
		this.numbers = new LongAdder[type.getEnumConstants().length];
		Arrays.setAll(this.numbers, (index) -> new LongAdder());
	}

	void increment(E constant) {
		number(constant).increment();
	}

	long of(E constant) {
		return number(constant).sum();
	}

	/**
	 * Finds a number as an enum map would, without its look at the type for each
	 * decision.
	 */
	@SuppressWarnings("EnumOrdinal")
	private LongAdder number(E constant) {
		return this.numbers[constant.ordinal()];
	}

}
