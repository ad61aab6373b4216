package io.ratelimit;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The words of a limit's text: permits, window, and options behind them in any order.
 */
final class LimitWords {

	/** The options that have a value, and the algorithm that each belongs to. */
	private static final Map<String, String> VALUES = Map.of("burst", TokenBucket.ALGORITHM, "max-wait",
			LeakyBucket.ALGORITHM, "zone", FixedWindow.ALGORITHM, "name", "");

	private static final String CALENDAR = "calendar";

	private static final String OPTIONS = "an algorithm (sliding-window, fixed-window, token-bucket, leaky-bucket), "
			+ "burst N, max-wait TIME, calendar, zone ZONE and name NAME";

	private static final Pattern QUOTIENT = Pattern.compile("(\\d[\\d_]*)\\s*(?:/|\\s+per\\s+)\\s*(\\S.*)",
			Pattern.CASE_INSENSITIVE);

	private final Map<String, String> options = new HashMap<>();

	private final String permits;

	private final String window;

	/**
	 * Divides a text into words.
	 * @param algorithms names of algorithms
	 */
	LimitWords(String text, Set<String> algorithms) {
		Deque<String> words = new ArrayDeque<>(Arrays.asList(text.strip().split("\\s+")));
		StringBuilder quotient = new StringBuilder(words.remove());
		while (!words.isEmpty() && !isOption(word(words.element()), algorithms)) {
			quotient.append(' ').append(words.remove());
		}
		Matcher matcher = QUOTIENT.matcher(quotient);
		Limit.require(matcher.matches(),
				"write <permits>/<window>, for example 100/1m, 10/s, 1000/day or 5/PT15M; behind it there can be %s",
				OPTIONS);
		this.permits = matcher.group(1);
		this.window = matcher.group(2);
		while (!words.isEmpty()) {
			addOption(words, algorithms);
		}
		Limit.require(!this.options.containsKey("zone") || this.options.containsKey(CALENDAR),
				"a zone belongs to a calendar");
		requireOwnOptions();
	}

	/**
	 * Returns the algorithm's name.
	 */
	String algorithm() {
		String byDefault = this.options.containsKey(CALENDAR) ? FixedWindow.ALGORITHM : SlidingWindow.ALGORITHM;
		return this.options.getOrDefault("algorithm", byDefault);
	}

	long permits() {
		try {
			return Long.parseLong(this.permits.replace("_", ""));
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("at most %s permits are possible".formatted(Limit.MAX_PERMITS), ex);
		}
	}

	Duration window() {
		return TimeFormat.parse(this.window);
	}

	@Nullable Long burst() {
		String burst = this.options.get("burst");
		try {
			return (burst != null) ? Long.valueOf(burst.replace("_", "")) : null;
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("a burst of '%s': write a number".formatted(burst), ex);
		}
	}

	Duration maxWait() {
		String maxWait = this.options.get("max-wait");
		if (maxWait == null) {
			throw new IllegalArgumentException(
					"a leaky-bucket without max-wait: say how long a request may be delayed, "
							+ "as in 'max-wait 2s', or 'max-wait 0s' to refuse what comes early");
		}
		return TimeFormat.parse(maxWait);
	}

	@Nullable CalendarWindow calendar() {
		return this.options.containsKey(CALENDAR) ? new CalendarWindow(unit(), zone()) : null;
	}

	@Nullable String name() {
		return this.options.get("name");
	}

	private CalendarWindow.Unit unit() {
		for (CalendarWindow.Unit unit : CalendarWindow.Unit.values()) {
			if (unit.id().equals(this.window.toLowerCase(Locale.ROOT))) {
				return unit;
			}
		}
		throw new IllegalArgumentException(
				"a calendar limit is <permits>/day, /week or /month, and not /" + this.window);
	}

	private ZoneId zone() {
		String zone = this.options.get("zone");
		try {
			return (zone != null) ? ZoneId.of(zone) : ZoneOffset.UTC;
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("'%s' is not a time zone such as Europe/Berlin".formatted(zone), ex);
		}
	}

	private void addOption(Deque<String> words, Set<String> algorithms) {
		String written = words.remove();
		String word = word(written);
		Limit.require(isOption(word, algorithms), "'%s' is not known there; behind <permits>/<window> there can be %s",
				written, OPTIONS);
		boolean valued = VALUES.containsKey(word);
		Limit.require(!valued || !words.isEmpty(), "nothing stands behind %s", word);
		String option = algorithms.contains(word) ? "algorithm" : word;
		Limit.require(!this.options.containsKey(option), "'%s' is one %s too many", word, option);
		this.options.put(option, valued ? words.remove() : word);
	}

	private void requireOwnOptions() {
		String algorithm = algorithm();
		VALUES.forEach((option, owner) -> Limit.require(
				!this.options.containsKey(option) || owner.isEmpty() || owner.equals(algorithm),
				"a %s belongs to algorithm %s, not to %s", option, owner, algorithm));
		Limit.require(!this.options.containsKey(CALENDAR) || algorithm.equals(FixedWindow.ALGORITHM),
				"a calendar belongs to algorithm %s, not to %s", FixedWindow.ALGORITHM, algorithm);
	}

	private static boolean isOption(String word, Set<String> algorithms) {
		return VALUES.containsKey(word) || word.equals(CALENDAR) || algorithms.contains(word);
	}

	private static String word(String text) {
		return Objects.requireNonNull(text).toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
