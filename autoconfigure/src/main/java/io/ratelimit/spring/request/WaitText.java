package io.ratelimit.spring.request;

/**
 * A wait as people say it: {@code 50 seconds}, {@code 3 days and 20 hours}. Never shorter
 * than it is.
 */
final class WaitText {

	private static final long MINUTE = 60;

	private static final long HOUR = 60 * MINUTE;

	private static final long DAY = 24 * HOUR;

	private WaitText() {
	}

	static String of(long seconds) {
		if (seconds < 2 * MINUTE) {
			return count(seconds, "second");
		}
		long minutes = roundedUp(seconds, MINUTE);
		if (minutes * MINUTE < HOUR) {
			return count(minutes, "minute");
		}
		if (minutes * MINUTE < DAY) {
			return joined(minutes * MINUTE, HOUR, "hour", MINUTE, "minute");
		}
		return joined(roundedUp(seconds, HOUR) * HOUR, DAY, "day", HOUR, "hour");
	}

	private static String joined(long seconds, long large, String largeName, long small, String smallName) {
		String text = count(seconds / large, largeName);
		long rest = seconds % large / small;
		return (rest > 0) ? text + " and " + count(rest, smallName) : text;
	}

	private static String count(long number, String unit) {
		return number + " " + unit + ((number == 1) ? "" : "s");
	}

	private static long roundedUp(long seconds, long unit) {
		return -Math.floorDiv(-seconds, unit);
	}

}
