package io.ratelimit.spring.actuate;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.ratelimit.Algorithm;
import io.ratelimit.CalendarWindow;
import io.ratelimit.Limit;
import org.jspecify.annotations.Nullable;

/**
 * A limit in one line: its short form, and behind that what is not the default, as in
 * {@code 50/1s token-bucket burst 200 name search-burst}. What is written can be read
 * again.
 */
final class LimitText {

	private static final Map<String, Algorithm> ALGORITHMS = Arrays.stream(Algorithm.values())
		.collect(Collectors.toUnmodifiableMap(Algorithm::id, Function.identity()));

	private static final Set<String> OPTIONS = Set.of("burst", "max-wait", "calendar", "zone", "name");

	private static final int MOST_LIMITS = 20;

	private static final Pattern CALENDAR = Pattern.compile("(\\d{1,15})\\s*/\\s*(day|week|month)");

	private static final String FORM = "behind <permits>/<window> there can be an algorithm (sliding-window, "
			+ "fixed-window, token-bucket, leaky-bucket), burst N, max-wait TIME, calendar, zone ZONE and name NAME";

	private LimitText() {
	}

	static String of(Limit limit) {
		return (limit.name() != null) ? limit + " name " + limit.name() : limit.toString();
	}

	/**
	 * Reads several limits, separated by commas.
	 * @throws IllegalArgumentException if one of them is none, which the message quotes,
	 * or there are too many
	 */
	static List<Limit> parse(String text) {
		long limits = text.chars().filter((character) -> character == ',').count() + 1;
		require(limits <= MOST_LIMITS, "%d limits: at most %d are possible in a change", limits, MOST_LIMITS);
		return Arrays.stream(text.split(",", -1)).map((limit) -> limit(limit.strip())).toList();
	}

	private static Limit limit(String text) {
		Deque<String> words = new ArrayDeque<>(Arrays.asList(text.split("\\s+", -1)));
		StringBuilder shortForm = new StringBuilder(words.remove());
		while (!words.isEmpty() && !isOption(words.element())) {
			shortForm.append(' ').append(words.remove());
		}
		try {
			return limit(shortForm.toString(), words);
		}
		catch (IllegalArgumentException | DateTimeException ex) {
			String reason = String.valueOf(ex.getMessage());
			throw new IllegalArgumentException("%s; %s".formatted(
					reason.startsWith("'" + text + "' ") ? reason : "'%s' is not a limit: %s".formatted(text, reason),
					FORM), ex);
		}
	}

	private static Limit limit(String shortForm, Deque<String> words) {
		Map<String, String> options = options(words);
		String zone = options.get("zone");
		require(zone == null || options.containsKey("calendar"), "a zone belongs to a calendar");
		Limit limit = options.containsKey("calendar") ? calendar(shortForm, zone) : Limit.valueOf(shortForm);
		String name = options.get("algorithm");
		Algorithm algorithm = (name != null) ? Objects.requireNonNull(ALGORITHMS.get(name)) : limit.algorithm();
		require(limit.calendar() == null || algorithm == Algorithm.FIXED_WINDOW,
				"a calendar belongs to algorithm fixed-window");
		limit = (limit.algorithm() != algorithm) ? limit.withAlgorithm(algorithm) : limit;
		String burst = options.get("burst");
		if (burst != null) {
			require(algorithm == Algorithm.TOKEN_BUCKET, "a burst belongs to algorithm token-bucket");
			limit = limit.withBurst(number(burst));
		}
		String maxWait = options.get("max-wait");
		if (maxWait != null) {
			require(algorithm == Algorithm.LEAKY_BUCKET, "a max-wait belongs to algorithm leaky-bucket");
			limit = limit.withMaxWait(Limit.time(maxWait));
		}
		return limit.withName(options.get("name"));
	}

	private static Map<String, String> options(Deque<String> words) {
		Map<String, String> options = new HashMap<>();
		while (!words.isEmpty()) {
			String word = words.remove();
			require(isOption(word), "'%s' is not known there", word);
			boolean algorithm = ALGORITHMS.containsKey(word);
			boolean flag = algorithm || word.equals("calendar");
			require(flag || !words.isEmpty(), "nothing stands behind %s", word);
			String option = algorithm ? "algorithm" : word;
			require(!options.containsKey(option), "'%s' is one %s too many", word, option);
			options.put(option, flag ? word : words.remove());
		}
		return options;
	}

	private static Limit calendar(String shortForm, @Nullable String zone) {
		Matcher matcher = CALENDAR.matcher(shortForm);
		require(matcher.matches(), "a calendar limit is <permits>/day, /week or /month");
		CalendarWindow.Unit unit = CalendarWindow.Unit.valueOf(matcher.group(2).toUpperCase(Locale.ROOT));
		return Limit.of(number(matcher.group(1)),
				new CalendarWindow(unit, (zone != null) ? ZoneId.of(zone) : ZoneOffset.UTC));
	}

	private static boolean isOption(String word) {
		return OPTIONS.contains(word) || ALGORITHMS.containsKey(word);
	}

	private static long number(String text) {
		try {
			return Long.parseLong(text.replace("_", ""));
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("'%s' is not a number".formatted(text), ex);
		}
	}

	private static void require(boolean condition, String message, Object... arguments) {
		if (!condition) {
			throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
		}
	}

}
