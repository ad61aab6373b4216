package io.ratelimit.spring.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.mock.web.MockHttpServletResponse;

/**
 * What a response says of limits.
 *
 * @param status its status
 * @param fields returns the values of a header field
 */
record Answer(int status, Function<String, List<String>> fields) {

	private static final List<String> FIELDS = List.of("Retry-After", "RateLimit", "RateLimit-Policy",
			"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-RateLimit-Limit", "X-RateLimit-Remaining",
			"X-RateLimit-Reset");

	/** An item of the list in {@code RateLimit}: a name, and its parameters. */
	private static final Pattern ITEM = Pattern.compile("\"([A-Za-z0-9._-]+)\"((?:;[^,]*)?)");

	private static final Pattern REMAINING = Pattern.compile(";r=([0-9]{1,15})");

	static Answer of(MockHttpServletResponse response) {
		return new Answer(response.getStatus(), response::getHeaders);
	}

	@Nullable String field(String name) {
		List<String> values = this.fields.apply(name);
		return values.isEmpty() ? null : String.join(", ", values);
	}

	/**
	 * Returns what is left of limits, by their names in header fields. In the styles that
	 * name none there is one, without a name.
	 */
	Map<String, Long> remaining() {
		Map<String, Long> remaining = new LinkedHashMap<>();
		String named = field("RateLimit");
		if (named != null) {
			Matcher item = ITEM.matcher(named);
			while (item.find()) {
				Matcher number = REMAINING.matcher(item.group(2));
				if (number.find()) {
					remaining.put(item.group(1), Long.valueOf(number.group(1)));
				}
			}
		}
		for (String name : List.of("RateLimit-Remaining", "X-RateLimit-Remaining")) {
			String number = field(name);
			if (number != null) {
				remaining.put("", Long.valueOf(number.strip()));
			}
		}
		return remaining;
	}

	/**
	 * Returns the status, and the header fields that tell of limits.
	 */
	@Override
	public String toString() {
		List<String> lines = new ArrayList<>();
		lines.add("status " + this.status);
		for (String name : FIELDS) {
			String value = field(name);
			if (value != null) {
				lines.add(name + ": " + value);
			}
		}
		return String.join("\n  ", lines);
	}

}
