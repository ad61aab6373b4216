package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * When calls were counted again.
 */
final class Recovery {

	private static final int FEWEST = 5;

	private Recovery() {
	}

	/**
	 * Returns the time from the end of a fault to the first grant from which on nearly
	 * all calls were counted. A refusal is no proof, since it can do without the server.
	 * @param calls the calls of one kind, in the order of their ends
	 * @param begin the fault's begin
	 * @param end the fault's end
	 * @param stray the share of calls that may fail at any time
	 * @return the time, which is zero if all calls were counted, or {@code null} if there
	 * is no such moment
	 */
	static @Nullable Duration after(List<Call> calls, long begin, long end, double stray) {
		if (calls.stream().filter((call) -> call.end() - begin >= 0).allMatch(Call::isCounted)) {
			return Duration.ZERO;
		}
		Duration recovery = null;
		int all = 0;
		int uncounted = 0;
		for (int i = calls.size() - 1; i >= 0 && calls.get(i).begin() - end >= 0; i--) {
			Call call = calls.get(i);
			all++;
			uncounted += call.isCounted() ? 0 : 1;
			if (call.isGranted() && all >= FEWEST && uncounted <= stray * all) {
				recovery = Duration.ofNanos(call.end() - end);
			}
		}
		return recovery;
	}

}
