package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A segment of a path pattern that takes a regular expression: several wildcards or
 * variables, or a variable with a condition. Matching takes a bounded time, whatever the
 * expression and the segment.
 */
/*
 * A backtracking matcher can take time that is exponential in the length of its input,
 * and a client chooses that input. So the characters that it reads are counted, and when
 * it has read too many the segment counts as undecided. Alternatives within a repetition
 * recurse once for each character in Java's matcher, hence the greatest length for what
 * users write as expressions.
 */
final class SegmentPattern {

	private static final int MOST_READS = 20_000;

	private static final int LONGEST_FOR_EXPRESSION = 256;

	private final Pattern pattern;

	private final List<String> variables;

	private final boolean expression;

	private SegmentPattern(Pattern pattern, List<String> variables, boolean expression) {
		this.pattern = pattern;
		this.variables = variables;
		this.expression = expression;
	}

	/**
	 * Creates a pattern.
	 * @param segment a segment of a path pattern that Spring accepts
	 * @throws IllegalArgumentException if a condition captures groups or does not compile
	 */
	static SegmentPattern of(String segment, boolean caseSensitive) {
		StringBuilder regex = new StringBuilder();
		List<String> variables = new ArrayList<>();
		boolean expression = false;
		int literal = 0;
		for (int i = 0; i < segment.length(); i++) {
			char character = segment.charAt(i);
			if ("?*{".indexOf(character) < 0) {
				continue;
			}
			regex.append(Pattern.quote(segment.substring(literal, i)));
			if (character == '{') {
				int end = endOfVariable(segment, i);
				String variable = segment.substring(i + 1, end);
				int colon = variable.indexOf(':');
				expression |= colon >= 0;
				variables.add((colon < 0) ? variable : variable.substring(0, colon));
				regex.append('(').append((colon < 0) ? ".*" : variable.substring(colon + 1)).append(')');
				i = end;
			}
			else {
				regex.append((character == '?') ? "." : ".*");
			}
			literal = i + 1;
		}
		regex.append(Pattern.quote(segment.substring(literal)));
		return new SegmentPattern(compile(regex.toString(), caseSensitive, variables.size()), List.copyOf(variables),
				expression);
	}

	/**
	 * Returns whether Spring's own pattern needs a regular expression for a segment.
	 */
	static boolean isFor(String segment) {
		boolean whole = segment.equals("*") || segment.equals("**")
				|| (segment.startsWith("{") && segment.indexOf('}') == segment.length() - 1);
		return whole ? segment.indexOf(':') >= 0 : segment.indexOf('*') >= 0 || segment.indexOf('{') >= 0;
	}

	/**
	 * Returns the index of the brace that closes a variable; braces within its condition
	 * come in pairs or behind a backslash.
	 */
	static int endOfVariable(String pattern, int start) {
		int depth = 0;
		for (int i = start; i < pattern.length(); i++) {
			char character = pattern.charAt(i);
			if (character == '\\') {
				i++;
			}
			else if (character == '{') {
				depth++;
			}
			else if (character == '}' && --depth == 0) {
				return i;
			}
		}
		throw new IllegalArgumentException("a brace that is not closed");
	}

	private static Pattern compile(String regex, boolean caseSensitive, int variables) {
		try {
			Pattern pattern = Pattern.compile(regex, Pattern.DOTALL | (caseSensitive ? 0 : Pattern.CASE_INSENSITIVE));
			if (pattern.matcher("").groupCount() != variables) {
				throw new IllegalArgumentException(
						"a variable's condition must not capture groups: write (?:…) instead of (…)");
			}
			return pattern;
		}
		catch (PatternSyntaxException ex) {
			throw new IllegalArgumentException(ex.getDescription(), ex);
		}
	}

	List<String> variables() {
		return this.variables;
	}

	/**
	 * Matches a segment.
	 * @param text the decoded segment
	 * @param values receives the variables if it matches
	 */
	Verdict match(String text, Map<String, String> values) {
		if (this.expression && text.length() > LONGEST_FOR_EXPRESSION) {
			return Verdict.UNDECIDED;
		}
		try {
			Matcher matcher = this.pattern.matcher(new CountedText(text));
			if (!matcher.matches()) {
				return Verdict.NO;
			}
			for (int i = 0; i < this.variables.size(); i++) {
				String value = matcher.group(i + 1);
				if (value != null) {
					values.put(this.variables.get(i), value);
				}
			}
			return Verdict.YES;
		}
		catch (TooManyReadsException ex) {
			return Verdict.UNDECIDED;
		}
	}

	/**
	 * Whether a segment matches.
	 */
	enum Verdict {

		YES, NO, UNDECIDED

	}

	private static final class CountedText implements CharSequence {

		private final String text;

		private int reads;

		private CountedText(String text) {
			this.text = text;
		}

		@Override
		public int length() {
			return this.text.length();
		}

		@Override
		public char charAt(int index) {
			if (++this.reads > MOST_READS) {
				throw new TooManyReadsException();
			}
			return this.text.charAt(index);
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			return this.text.subSequence(start, end);
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	private static final class TooManyReadsException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private TooManyReadsException() {
			super("too many reads", null, false, false);
		}

	}

}
