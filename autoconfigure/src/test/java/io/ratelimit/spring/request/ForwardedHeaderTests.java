package io.ratelimit.spring.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * The grammar of RFC 7239, compared with a naive parser that reads it from the left.
 */
class ForwardedHeaderTests {

	private static final int LINES = 50_000;

	private final Random random = new Random(7239);

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
			for=203.0.113.7                                              | cb007107
			For="203.0.113.7"                                            | cb007107
			for="203.0.113.7:4711"                                       | cb007107
			for="203.0.113.7:_p"                                         | cb007107
			for="\\2\\03.0.113.7"                                        | cb007107
			FOR="[2001:DB8::1]"                                          | 20010db8000000000000000000000001
			for="[2001:db8::1]:_gw.1-a"                                  | 20010db8000000000000000000000001
			for="[::ffff:203.0.113.7]:1"                                 | cb007107
			by=_x;for=203.0.113.7;proto=http;host="a,b;c=\\"d"           | cb007107
			for=203.0.113.7;host=""                                      | cb007107
			;;for=203.0.113.7; ;proto=http;                              | cb007107
			for=192.0.2.43, for=198.51.100.17;by=203.0.113.60;proto=http | c6336411 c000022b
			for=1.1.1.1;host="\\"", for=2.2.2.2                          | 02020202 01010101
			for=1.1.1.1;host="\\", for=2.2.2.2                           | 02020202 -
			, ,for=1.1.1.1,, for=2.2.2.2 ,                               | 02020202 01010101
			for=unknown, for=_hidden                                     | - -
			proto=https                                                  | -
			for=1.1.1.1;for=2.2.2.2                                      | -
			, ,                                                          | ''
			""")
	void elementsAreReadFromTheRight(String line, String addresses) {
		List<String> all = read(line);
		assertThat(String.join(" ", all)).isEqualTo(addresses);
	}

	@Test
	void whatIsWellFormedIsReadAsFromTheLeft() {
		int elements = 0;
		for (int i = 0; i < LINES; i++) {
			String line = line();
			List<String> expected = Reference.parse(line);
			assertThat(expected).as(line).isNotNull();
			Collections.reverse(expected);
			assertThat(read(line)).as(line).isEqualTo(expected);
			elements += expected.size();
		}
		assertThat(elements).isGreaterThan(LINES);
	}

	@Test
	void whatIsMutatedIsReadAsFromTheLeftWhereItIsWellFormedAndInNoCaseThrows() {
		int wellFormed = 0;
		for (int i = 0; i < LINES; i++) {
			String line = mutated(line());
			assertThatCode(() -> read(line)).as(line).doesNotThrowAnyException();
			List<String> expected = Reference.parse(line);
			if (expected != null) {
				wellFormed++;
				Collections.reverse(expected);
				assertThat(read(line)).as(line).isEqualTo(expected);
			}
		}
		assertThat(wellFormed).isBetween(LINES / 50, LINES - LINES / 50);
	}

	@Test
	void whatStandsToTheLeftChangesNothingToTheRight() {
		for (int i = 0; i < LINES; i++) {
			String appended = line();
			List<String> expected = Reference.parse(appended);
			assertThat(expected).as(appended).isNotNull();
			Collections.reverse(expected);
			String line = mutated(line()) + "," + appended;
			assertThat(read(line)).as(line)
				.hasSizeGreaterThanOrEqualTo(expected.size())
				.satisfies((addresses) -> assertThat(addresses.subList(0, expected.size())).isEqualTo(expected));
		}
	}

	@Test
	void timeIsLinearInTheLengthOfALine() {
		int length = 1_000_000;
		List<String> lines = List.of(",".repeat(length), "for=10.1.1.1,".repeat(length / 13), "\\".repeat(length),
				"for=\"" + "\\\"".repeat(length) + "\"", "\"".repeat(length), ";".repeat(length), "a".repeat(length),
				"a=\"\\\\\",".repeat(length / 8), " ".repeat(length), "for=\"" + "\\".repeat(length) + "\"",
				"a=\"\";".repeat(length / 5));
		assertTimeoutPreemptively(Duration.ofSeconds(30), () -> lines.forEach(ForwardedHeaderTests::read));
	}

	/**
	 * Reads elements up to the first that is malformed, and that one.
	 */
	private static List<String> read(String line) {
		List<String> addresses = new ArrayList<>();
		ForwardedHeader header = new ForwardedHeader(line);
		while (header.next()) {
			addresses.add(text(header.address()));
		}
		return addresses;
	}

	private static String text(byte @Nullable [] address) {
		return (address != null) ? HexFormat.of().formatHex(address) : "-";
	}

	private String line() {
		StringBuilder line = new StringBuilder();
		int elements = 1 + this.random.nextInt(4);
		for (int i = 0; i < elements; i++) {
			line.append((i > 0) ? space() + "," + space() : "").append(element());
		}
		return line.toString();
	}

	private String element() {
		StringBuilder element = new StringBuilder();
		int pairs = this.random.nextInt(4);
		int forPair = this.random.nextInt(4);
		for (int i = 0; i < pairs; i++) {
			element.append((i > 0) ? ";" : "");
			element.append((i == forPair) ? oneOf("for", "For", "FOR") + "=" + node()
					: oneOf("by", "host", "proto", "x-for", "f") + "=" + value());
		}
		return element.toString();
	}

	private String node() {
		String v4 = octet() + "." + octet() + "." + octet() + "." + octet();
		String port = oneOf("", "", ":" + this.random.nextInt(65536), ":_p" + this.random.nextInt(9));
		String v6 = oneOf("[2001:db8::" + Integer.toHexString(this.random.nextInt(65536)) + "]", "[::1]",
				"[64:ff9b::" + v4 + "]");
		return oneOf(v4, quoted(v4 + port), quoted(v6 + port), "unknown", "_hidden", quoted("_hidden" + port));
	}

	private int octet() {
		return this.random.nextInt(256);
	}

	private String value() {
		return oneOf("http", "token!#$%&'*+-.^_`|~",
				quoted(oneOf("", "a,b;c=d", "\"", "\\", "\\\\\"", "x\ty", "é", ",")));
	}

	private String quoted(String text) {
		StringBuilder quoted = new StringBuilder("\"");
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			boolean escape = character == '"' || character == '\\' || this.random.nextInt(20) == 0;
			quoted.append(escape ? "\\" : "").append(character);
		}
		return quoted.append('"').toString();
	}

	private String space() {
		return oneOf("", "", " ", "\t ");
	}

	private String mutated(String line) {
		StringBuilder mutated = new StringBuilder(line);
		int times = 1 + this.random.nextInt(3);
		for (int i = 0; i < times; i++) {
			String character = oneOf("\"", "\\", ",", ";", "=", " ", "\0", "1", "[", "]", ":", "for=", "\\\"");
			int index = this.random.nextInt(mutated.length() + 1);
			int end = Math.min(mutated.length(), index + this.random.nextInt(3));
			mutated.replace(index, end, character);
		}
		return mutated.toString();
	}

	private String oneOf(String... texts) {
		return texts[this.random.nextInt(texts.length)];
	}

	/**
	 * Reads a line from the left by a regular expression for each part of the grammar.
	 */
	private static final class Reference {

		private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

		private static final String QUOTED = "\"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*+\"";

		private static final Pattern PAIR = Pattern.compile("(" + TOKEN + ")=(" + TOKEN + "|" + QUOTED + ")");

		private static final Pattern SEPARATOR = Pattern.compile("[ \\t]*([,;])[ \\t]*");

		private static final Pattern NODE = Pattern
			.compile("(?:(\\d+\\.\\d+\\.\\d+\\.\\d+)|\\[([0-9A-Fa-f:.]+)])(?::(?:\\d{1,5}|_[A-Za-z0-9._-]+))?");

		/**
		 * Returns the address of each element that is not empty, or {@code null} if the
		 * line is malformed.
		 */
		static @Nullable List<String> parse(String text) {
			String line = text.replaceAll("^[ \\t]+|[ \\t]+$", "");
			List<String> addresses = new ArrayList<>();
			Matcher pair = PAIR.matcher(line);
			Matcher separator = SEPARATOR.matcher(line);
			String address = null; // of the element so far
			boolean any = false; // whether there is a pair or a semicolon in it
			int i = 0;
			while (true) {
				if (pair.region(i, line.length()).lookingAt()) {
					if (pair.group(1).equalsIgnoreCase("for")) {
						if (address != null) {
							return null;
						}
						address = address(pair.group(2));
					}
					any = true;
					i = pair.end();
				}
				if (i == line.length()) {
					break;
				}
				if (!separator.region(i, line.length()).lookingAt()) {
					return null;
				}
				i = separator.end();
				if (separator.group(1).equals(",")) {
					if (any) {
						addresses.add((address != null) ? address : "-");
					}
					any = false;
					address = null;
				}
				else {
					any = true;
				}
			}
			if (any) {
				addresses.add((address != null) ? address : "-");
			}
			return addresses;
		}

		private static String address(String value) {
			String node = value.startsWith("\"") ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
					: value;
			Matcher matcher = NODE.matcher(node);
			if (!matcher.matches()) {
				return "-";
			}
			return text(IpAddress.parse((matcher.group(1) != null) ? matcher.group(1) : "[" + matcher.group(2) + "]"));
		}

	}

}
