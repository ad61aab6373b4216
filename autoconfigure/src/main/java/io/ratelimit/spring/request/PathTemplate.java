package io.ratelimit.spring.request;

import java.util.List;
import java.util.regex.Pattern;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The path of an operation as descriptions of an API have it, with variables in braces:
 * {@code /items/{id}}.
 */
final class PathTemplate {

	private static final Pattern VARIABLE = Pattern.compile("\\{[^{}]*}");

	private final String text;

	private final PathContainer read;

	private final List<String> segments;

	private final PathPatternParser parser;

	PathTemplate(String text, PathPatternParser parser) {
		this.text = text;
		this.read = PathContainer.parsePath(text.replaceAll("[%;]", ""));
		this.segments = GuardedPath.segments(text);
		this.parser = parser;
	}

	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * Returns whether a pattern is certain to match all paths that this stands for.
	 */
	boolean isWithin(GuardedPath path) {
		return path.exempts(this.read);
	}

	/**
	 * Returns whether a pattern can match a path that this stands for.
	 */
	boolean overlaps(GuardedPath path) {
		return path.match(this.read) != null || overlap(GuardedPath.segments(path.toString()), 0, 0);
	}

	private boolean overlap(List<String> path, int i, int j) {
		if (i == path.size() && j == this.segments.size()) {
			return true;
		}
		if (i < path.size() && isSeveral(path.get(i))) {
			return overlap(path, i + 1, j) || (j < this.segments.size() && overlap(path, i, j + 1));
		}
		if (j < this.segments.size() && isSeveral(this.segments.get(j))) {
			return overlap(path, i, j + 1) || (i < path.size() && overlap(path, i + 1, j));
		}
		return i < path.size() && j < this.segments.size() && segmentsOverlap(path.get(i), this.segments.get(j))
				&& overlap(path, i + 1, j + 1);
	}

	private static boolean isSeveral(String segment) {
		return segment.equals("**") || segment.startsWith("{*");
	}

	/*
	 * Of two segments with variables or wildcards it is not worked out which texts both
	 * match.
	 */
	private boolean segmentsOverlap(String pattern, String template) {
		boolean fixed = VARIABLE.matcher(template).replaceAll("").equals(template);
		if (fixed) {
			return GuardedPath.of("/" + pattern, this.parser).match(PathContainer.parsePath("/" + template)) != null;
		}
		return !isFixed(pattern) || matches(template, pattern);
	}

	private boolean matches(String template, String text) {
		StringBuilder regex = new StringBuilder();
		int end = 0;
		for (var variable = VARIABLE.matcher(template); variable.find(); end = variable.end()) {
			regex.append(Pattern.quote(template.substring(end, variable.start()))).append(".+");
		}
		regex.append(Pattern.quote(template.substring(end)));
		int flags = this.parser.isCaseSensitive() ? 0 : Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
		return Pattern.compile(regex.toString(), flags).matcher(text).matches();
	}

	/**
	 * Returns whether a pattern matches one text only.
	 */
	static boolean isFixed(String pattern) {
		return pattern.chars().noneMatch((character) -> "*?{".indexOf(character) >= 0);
	}

}
