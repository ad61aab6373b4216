package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.ratelimit.redis.chaos.Address.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one kind by one process, on a cluster with the same keys.
 *
 * @param traffic the kind
 * @param node which requests they make, or -1 for all of them
 * @param process the process
 */
record Series(Traffic traffic, int node, int process) {

	/**
	 * Returns the series that is counted again last.
	 * @param calls all calls, those of each process in the order of their ends
	 * @param stray the share that may fail at any time
	 */
	static Slowest slowest(Incident incident, List<Call> calls, double stray) {
		boolean cluster = incident.topology().address().shape() == Shape.CLUSTER;
		Map<Series, List<Call>> all = new HashMap<>();
		for (Call call : calls) {
			if (incident.comesBack(call) && call.end() - incident.begin() >= 0) {
				all.computeIfAbsent(new Series(call.traffic(), cluster ? call.node() : -1, call.process()),
						(unknown) -> new ArrayList<>())
					.add(call);
			}
		}
		Comparator<@Nullable Duration> neverIsLast = Comparator.nullsLast(Comparator.naturalOrder());
		return all.entrySet()
			.stream()
			.map((entry) -> new Slowest(entry.getKey(),
					Recovery.after(entry.getValue(), incident.begin(), incident.end(), stray)))
			.max((a, b) -> neverIsLast.compare(a.recovery(), b.recovery()))
			.orElseThrow();
	}

	@Override
	public String toString() {
		return (this.node < 0) ? this.traffic.toString() : this.traffic + " on node " + this.node;
	}

	/**
	 * A series and how long it took until it was counted again.
	 *
	 * @param series the series
	 * @param recovery the time, or {@code null} if it did not happen
	 */
	record Slowest(Series series, @Nullable Duration recovery) {

	}

}
