package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.ratelimit.BoundPolicy;

/**
 * What a server has charged of the keys that have a long window, to be compared with what
 * was granted.
 */
final class Ledger {

	private static final Duration PATIENT = Duration.ofSeconds(5);

	/** How much less than its timeout a call takes that is given up. */
	private static final Duration EARLY = Duration.ofMillis(10);

	private final Map<NamedClaim, Long> charged = new TreeMap<>((a, b) -> a.key().compareTo(b.key()));

	private Ledger() {
	}

	static Ledger read(Address address) {
		Ledger ledger = new Ledger();
		try (Stores stores = new Stores(address)) {
			BoundPolicy limiter = stores.open(PATIENT).bind(Traffic.Policies.LEDGER);
			long permits = limiter.policy().capacity();
			Arrays.stream(Traffic.values())
				.flatMap((traffic) -> traffic.requests().stream())
				.flatMap(List::stream)
				.filter((claim) -> claim.policy().equals(Traffic.Policies.LEDGER))
				.forEach((claim) -> ledger.charged.put(claim, permits - limiter.peek(claim.key()).remaining()));
		}
		return ledger;
	}

	/**
	 * Compares with what was granted. Only calls that were given up may be charged
	 * without a grant, and those that were not recorded.
	 * @param timeout after which calls are given up
	 * @param violations where to add what may not be
	 * @return the permits that were charged and not granted
	 */
	long excess(List<Call> calls, Duration timeout, List<String> violations) {
		long least = timeout.minus(EARLY).toNanos();
		long sum = 0;
		for (Map.Entry<NamedClaim, Long> entry : this.charged.entrySet()) {
			List<Call> claiming = calls.stream().filter((call) -> call.claims().contains(entry.getKey())).toList();
			long granted = claiming.stream().filter(Call::isGranted).count();
			long late = claiming.stream().filter((call) -> !call.isCounted() && call.nanos() >= least).count();
			long unrecorded = claiming.get(0).traffic().threads() * (long) Scenario.PROCESSES;
			long excess = entry.getValue() - granted;
			if (excess < 0 || excess > late + unrecorded) {
				violations.add("%s: charged %s, granted %s, given up %s".formatted(entry.getKey().key(),
						entry.getValue(), granted, late));
			}
			sum += excess;
		}
		return sum;
	}

}
