package io.ratelimit;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The written form of a limit: {@code <permits>/<window>}.
 */
final class LimitFormat {

	private static final Pattern LIMIT = Pattern.compile("(\\d[\\d_]*)\\s*(?:/|\\s+per\\s+)\\s*(\\S.*)",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern WINDOW = Pattern.compile("(\\d+)?\\s*([a-z]+)");

	private static final String EXAMPLES = "write <permits>/<window>, for example 100/1m, 10/s, 1000/day or 5/PT15M";

	private LimitFormat() {
	}

	static Limit parse(String text) {
		Matcher matcher = LIMIT.matcher(text.strip());
		if (!matcher.matches()) {
			throw new IllegalArgumentException("'%s' is not a limit: %s".formatted(text, EXAMPLES));
		}
		try {
			return Limit.of(permits(matcher.group(1)), window(matcher.group(2)));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'%s' is not a limit: %s".formatted(text, ex.getMessage()));
		}
	}

	/**
	 * Writes a duration in the largest unit that holds it exactly.
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

	private static long permits(String text) {
		try {
			return Long.parseLong(text.replace("_", ""));
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("at most %s permits are possible".formatted(Limit.MAX_PERMITS), ex);
		}
	}

	private static Duration window(String text) {
		String window = text.strip().toLowerCase(Locale.ROOT);
		Matcher matcher = WINDOW.matcher(window);
		if (matcher.matches()) {
			return window(matcher.group(1), matcher.group(2));
		}
		if (window.startsWith("p")) {
			try {
				return Duration.parse(window);
			}
			catch (DateTimeParseException ex) {
				throw new IllegalArgumentException(
						"'%s' is not an ISO-8601 duration such as PT15M; %s".formatted(text, EXAMPLES), ex);
			}
		}
		throw new IllegalArgumentException("'%s' is not a window; %s".formatted(text, EXAMPLES));
	}

	private static Duration window(@Nullable String amount, String unit) {
		if (unit.startsWith("mo") || unit.startsWith("y")) {
			throw new IllegalArgumentException(
					"a %s has no fixed length; write 30d, or the long form with 'calendar: month'".formatted(unit));
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
					"'%s' is not a unit of time: ns, us, ms, s, m, h, d and w are".formatted(unit));
		};
		try {
			return chronoUnit.getDuration().multipliedBy((amount != null) ? Long.parseLong(amount) : 1);
		}
		catch (NumberFormatException | ArithmeticException ex) {
			throw new IllegalArgumentException("a window of %s%s is too long".formatted(amount, unit), ex);
		}
	}

}
