package io.ratelimit;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The written form of a time: a number and its unit, or ISO 8601.
 */
final class TimeFormat {

	private static final Pattern TIME = Pattern.compile("(\\d+)?\\s*([A-Za-z\u00b5]+)");

	private static final String UNITS = "units are ns, us, ms, s, m, h, d and w";

	private TimeFormat() {
	}

	/**
	 * Returns a time in the largest unit that holds it exactly.
	 */
	static String text(Duration duration) {
		if (duration.isNegative() || duration.compareTo(Duration.ofDays(36_600)) > 0) {
			return duration.toString();
		}
		long nanos = duration.toNanos();
		if (nanos == 0) {
			return "0s";
		}
		if (nanos % 86_400_000_000_000L == 0) {
			return nanos / 86_400_000_000_000L + "d";
		}
		if (nanos % 3_600_000_000_000L == 0) {
			return nanos / 3_600_000_000_000L + "h";
		}
		if (nanos % 60_000_000_000L == 0) {
			return nanos / 60_000_000_000L + "m";
		}
		if (nanos % 1_000_000_000L == 0) {
			return nanos / 1_000_000_000L + "s";
		}
		if (nanos % 1_000_000L == 0) {
			return nanos / 1_000_000L + "ms";
		}
		return (nanos % 1_000L == 0) ? nanos / 1_000L + "us" : nanos + "ns";
	}

	/**
	 * Reads a time with its unit.
	 */
	static Duration parse(String text) {
		String time = text.strip();
		Matcher matcher = TIME.matcher(time);
		if (matcher.matches()) {
			return of(matcher.group(1), matcher.group(2));
		}
		if (time.matches("\\d+")) {
			throw new IllegalArgumentException(
					"'%s' has no unit: write %ss for seconds; %s".formatted(time, time, UNITS));
		}
		if (time.startsWith("P") || time.startsWith("p")) {
			try {
				return Duration.parse(time);
			}
			catch (DateTimeParseException ex) {
				throw new IllegalArgumentException("'%s' is not an ISO-8601 duration such as PT15M".formatted(time),
						ex);
			}
		}
		throw new IllegalArgumentException("'%s' is not a time such as 90s, 1m or PT1M30S; %s".formatted(time, UNITS));
	}

	private static Duration of(@Nullable String amount, String written) {
		if (written.equals("M")) {
			throw new IllegalArgumentException(
					"M could be a minute or a month: write m for minutes; for a month 30d, or '1000/month calendar'");
		}
		String unit = written.toLowerCase(Locale.ROOT);
		if (unit.startsWith("mo")) {
			throw new IllegalArgumentException("a month has no fixed length; write 30d, or '1000/month calendar'");
		}
		if (unit.startsWith("y")) {
			throw new IllegalArgumentException("a year has no fixed length; write 365d");
		}
		ChronoUnit chronoUnit = switch (unit) {
			case "ns" -> ChronoUnit.NANOS;
			case "us" -> ChronoUnit.MICROS;
			case "ms" -> ChronoUnit.MILLIS;
			case "s", "sec", "second", "seconds" -> ChronoUnit.SECONDS;
			case "m", "min", "minute", "minutes" -> ChronoUnit.MINUTES;
			case "h", "hour", "hours" -> ChronoUnit.HOURS;
			case "d", "day", "days" -> ChronoUnit.DAYS;
			case "w", "week", "weeks" -> ChronoUnit.WEEKS;
			default -> throw new IllegalArgumentException(
					"'%s' is not a unit of time: ns, us, ms, s, m, h, d and w are".formatted(written));
		};
		try {
			return chronoUnit.getDuration().multipliedBy((amount != null) ? Long.parseLong(amount) : 1);
		}
		catch (NumberFormatException | ArithmeticException ex) {
			throw new IllegalArgumentException("a time of %s%s is too long".formatted(amount, unit), ex);
		}
	}

}
