package io.ratelimit.spring.web;

import org.springframework.web.util.pattern.PathPattern;

/**
 * A path pattern, and what every path begins with that it matches.
 *
 * @param pattern the pattern
 * @param prefix the part before its first wildcard or variable
 */
record GuardedPath(PathPattern pattern, String prefix) {

	static GuardedPath of(PathPattern pattern) {
		String text = pattern.getPatternString();
		int end = 0;
		while (end < text.length() && "*?{".indexOf(text.charAt(end)) < 0) {
			end++;
		}
		String prefix = text.substring(0, end);
		return new GuardedPath(pattern, prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
	}

}
