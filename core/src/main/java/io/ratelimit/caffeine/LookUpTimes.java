package io.ratelimit.caffeine;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

import io.ratelimit.caffeine.CachedLimitResolver.Outcome;

/**
 * How many look-ups of plans had each outcome, and how long they took together. Safe for
 * use by many threads.
 */
final class LookUpTimes {

	private final Map<Outcome, LongAdder> counts = adders();

	private final Map<Outcome, LongAdder> nanos = adders();

	private static Map<Outcome, LongAdder> adders() {
		Map<Outcome, LongAdder> adders = new EnumMap<>(Outcome.class);
		for (Outcome outcome : Outcome.values()) {
			adders.put(outcome, new LongAdder());
		}
		return adders;
	}

	void add(Outcome outcome, long nanos) {
		of(this.counts, outcome).increment();
		of(this.nanos, outcome).add(nanos);
	}

	long count(Outcome outcome) {
		return of(this.counts, outcome).sum();
	}

	long nanos(Outcome outcome) {
		return of(this.nanos, outcome).sum();
	}

	private static LongAdder of(Map<Outcome, LongAdder> adders, Outcome outcome) {
		return Objects.requireNonNull(adders.get(outcome));
	}

}
