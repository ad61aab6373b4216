package io.ratelimit.redis;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.ratelimit.CalendarWindow;
import io.ratelimit.CalendarWindow.Unit;
import io.ratelimit.FixedWindow;
import io.ratelimit.Limit;
import io.ratelimit.Policy;

/**
 * The versions of a policy that count on with what the others have counted: windows and
 * algorithms are the same.
 *
 * @param versions the versions
 */
record ChangingPolicy(List<Policy> versions) {

	private static final CalendarWindow DAY = new CalendarWindow(Unit.DAY, ZoneId.of("America/New_York"));

	private static final CalendarWindow MONTH = new CalendarWindow(Unit.MONTH, ZoneId.of("Asia/Tokyo"));

	/**
	 * Returns policies of every algorithm, small and large, of short and long windows.
	 */
	static Stream<ChangingPolicy> all() {
		return Stream.of(
				of(sliding("5/1m"), sliding("64/1m"), sliding("100/1m"), sliding("300/1m"), sliding("100000/1m"),
						sliding("999999999999999/1m")),
				of(sliding("3/1h"), sliding("500/1h")), of(sliding("5/1ms"), sliding("100/1ms")),
				of(sliding("5/3660d"), sliding("1000/3660d")),
				of(sliding("5/1m", "100/1h"), sliding("100/1m", "5/1h"), sliding("200/1h"),
						sliding("64/1h", "1000/1m", "10/2h")),
				of(List.of(Limit.valueOf("5/1m").withName("few"), Limit.valueOf("100/1m").withName("many")),
						sliding("50/1m")),
				of(fixed("5/1m"), fixed("1000/1m"), fixed("999999999999999/1m")),
				of(fixed("5/3660d"), fixed("100/3660d")),
				of(List.of(FixedWindow.of(5, DAY)), List.of(FixedWindow.of(1000, DAY), FixedWindow.of(50, MONTH))),
				of(token("5/1m", 5), token("5/1m", 20), token("7/1m", 3), token("1000000/1m", 1000)),
				of(token("10000/1ms", 10_000), token("50000000/1ms", 50_000_000), token("3/1ms", 1)),
				of(token("1/3660d", 13), token("3/3660d", 30)),
				of(leaky("5/1m", "30s"), leaky("5/1m", "0s"), leaky("1000/1m", "2m")),
				of(leaky("100000/1s", "1h"), leaky("7/1s", "10s")),
				of(mixed(fixed("50/1h"), sliding("100/1m"), token("10/1m", 20), leaky("20/1m", "1m")),
						mixed(sliding("5/1m"), leaky("7/1m", "1m"), fixed("9/1h"), List.of(FixedWindow.of(70, DAY)))));
	}

	@Override
	public String toString() {
		return this.versions.stream().map(Policy::limits).toList().toString();
	}

	@SafeVarargs
	private static ChangingPolicy of(List<Limit>... versions) {
		List<Policy> policies = new ArrayList<>();
		for (List<Limit> limits : versions) {
			policies.add(Policy.of("api", limits));
		}
		return new ChangingPolicy(policies);
	}

	private static List<Limit> sliding(String... limits) {
		return Stream.of(limits).map(Limit::valueOf).toList();
	}

	private static List<Limit> fixed(String limit) {
		return List.of(Limit.valueOf(limit + " fixed-window"));
	}

	private static List<Limit> token(String limit, long burst) {
		return List.of(Limit.valueOf(limit + " token-bucket burst " + burst));
	}

	private static List<Limit> leaky(String limit, String maxWait) {
		return List.of(Limit.valueOf(limit + " leaky-bucket max-wait " + maxWait));
	}

	@SafeVarargs
	private static List<Limit> mixed(List<Limit>... parts) {
		List<Limit> limits = new ArrayList<>();
		for (List<Limit> part : parts) {
			Limit limit = part.get(0);
			limits.add(limit.withName("limit" + limits.size()));
		}
		return limits;
	}

}
