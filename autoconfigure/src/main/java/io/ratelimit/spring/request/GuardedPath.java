package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * A path pattern of a policy, matched as Spring MVC would match it, in a bounded time.
 */
/*
 * Segments that take a regular expression are plain variables in the pattern that Spring
 * matches, and what they capture is matched here.
 */
final class GuardedPath {

	private static final String STAND_IN = "__";

	private final String text;

	private final PathPattern pattern;

	private final List<SegmentPattern> segments;

	private final String prefix;

	private final boolean caseSensitive;

	private GuardedPath(String text, PathPattern pattern, List<SegmentPattern> segments, boolean caseSensitive) {
		this.text = text;
		this.pattern = pattern;
		this.segments = segments;
		this.prefix = prefix(text);
		this.caseSensitive = caseSensitive;
	}

	/**
	 * Parses a pattern.
	 * @param text the pattern, which begins with a slash
	 * @param parser the parser of the application's Spring MVC
	 * @throws org.springframework.web.util.pattern.PatternParseException if Spring cannot
	 * parse it
	 * @throws IllegalArgumentException if a condition in it cannot work
	 */
	static GuardedPath of(String text, PathPatternParser parser) {
		PathPattern whole = parser.parse(text);
		StringBuilder plain = new StringBuilder();
		List<SegmentPattern> segments = new ArrayList<>();
		for (String segment : segments(text)) {
			plain.append('/');
			if (SegmentPattern.isFor(segment)) {
				plain.append('{').append(STAND_IN).append(segments.size()).append('}');
				segments.add(SegmentPattern.of(segment, parser.isCaseSensitive()));
			}
			else {
				plain.append(segment);
			}
		}
		PathPattern pattern = segments.isEmpty() ? whole : parser.parse(plain.toString());
		return new GuardedPath(text, pattern, List.copyOf(segments), parser.isCaseSensitive());
	}

	/**
	 * Returns the variables of a path that a limit is to guard. A segment that cannot be
	 * decided in bounded time counts as a match, and its variables are missing.
	 * @return the variables, or {@code null} if the pattern does not match
	 */
	@Nullable Map<String, String> match(PathContainer path) {
		PathPattern.PathMatchInfo match = this.pattern.matchAndExtract(path);
		if (match == null || this.segments.isEmpty()) {
			return (match != null) ? match.getUriVariables() : null;
		}
		Map<String, String> values = new HashMap<>(match.getUriVariables());
		for (int i = 0; i < this.segments.size(); i++) {
			String segment = values.remove(STAND_IN + i);
			if (segment != null && this.segments.get(i).match(segment, values) == SegmentPattern.Verdict.NO) {
				return null;
			}
		}
		return Collections.unmodifiableMap(values);
	}

	/**
	 * Returns whether a path is certain to match, so that it may be exempt.
	 */
	boolean exempts(PathContainer path) {
		if (this.segments.isEmpty()) {
			return this.pattern.matches(path);
		}
		PathPattern.PathMatchInfo match = this.pattern.matchAndExtract(path);
		if (match == null) {
			return false;
		}
		Map<String, String> values = new HashMap<>();
		for (int i = 0; i < this.segments.size(); i++) {
			String segment = match.getUriVariables().get(STAND_IN + i);
			if (segment == null || this.segments.get(i).match(segment, values) != SegmentPattern.Verdict.YES) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Returns, without parsing anything, whether a path that is written in the plainest
	 * way begins as the pattern does.
	 * @param start index in the text where the path begins
	 */
	boolean couldMatch(String path, int start) {
		return path.regionMatches(!this.caseSensitive, start, this.prefix, 0, this.prefix.length());
	}

	/**
	 * Returns the part before the first wildcard or variable, without a slash at its end.
	 */
	String prefix() {
		return this.prefix;
	}

	/**
	 * Returns a path that the pattern matches, unless it has conditions.
	 */
	PathContainer example() {
		StringBuilder example = new StringBuilder();
		for (String segment : segments(this.text)) {
			boolean several = segment.equals("**") || segment.startsWith("{*");
			example.append('/').append(several ? "a/b" : segment.replaceAll("[*?]|\\{.*}", "a"));
		}
		return PathContainer.parsePath(example.toString());
	}

	boolean hasVariable(String name) {
		for (String segment : segments(this.text)) {
			if (SegmentPattern.isFor(segment)) {
				if (SegmentPattern.of(segment, true).variables().contains(name)) {
					return true;
				}
			}
			else if (segment.equals("{" + name + "}") || segment.equals("{*" + name + "}")) {
				return true;
			}
		}
		return false;
	}

	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * Returns the segments of a path or a pattern.
	 * @param text the path, which begins with a slash
	 */
	static List<String> segments(String text) {
		List<String> segments = new ArrayList<>();
		int start = 1;
		for (int i = 1; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character == '{') {
				i = SegmentPattern.endOfVariable(text, i);
			}
			else if (character == '/') {
				segments.add(text.substring(start, i));
				start = i + 1;
			}
		}
		segments.add(text.substring(start));
		return segments;
	}

	private static String prefix(String text) {
		int end = 0;
		while (end < text.length() && "*?{".indexOf(text.charAt(end)) < 0) {
			end++;
		}
		String prefix = text.substring(0, end);
		return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
	}

}
