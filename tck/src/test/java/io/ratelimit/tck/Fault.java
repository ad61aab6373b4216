package io.ratelimit.tck;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.ratelimit.RateLimitStore;

/**
 * A way for a store to be wrong, and the laws that it breaks.
 *
 * @param name what is wrong
 * @param store makes a store that has the fault
 * @param laws the tests each of which finds it
 */
record Fault(String name, Function<FakeTicker, RateLimitStore> store, List<String> laws) {

	static Fault of(String name, Function<FakeTicker, RateLimitStore> store, String... laws) {
		return new Fault(name, store, List.of(laws));
	}

	static Stream<Fault> all() {
		return Stream
			.of(AlgorithmFaults.all(), ClaimFaults.all(), StateFaults.all(), ReplacementFaults.all(),
					GivingBackFaults.all(), ConcurrencyFaults.all())
			.flatMap((faults) -> faults);
	}

	static Fault named(String name) {
		return all().filter((fault) -> fault.name().equals(name)).findFirst().orElseThrow();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
