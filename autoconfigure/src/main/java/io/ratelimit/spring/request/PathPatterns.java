package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Policy;
import io.ratelimit.spring.policy.InvalidRateLimitException;

import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Reads path patterns, and refuses those that no request can match.
 */
final class PathPatterns {

	private PathPatterns() {
	}

	static List<GuardedPath> parse(Policy policy, String property, List<String> texts, PathPatternParser parser) {
		List<GuardedPath> patterns = new ArrayList<>();
		for (String text : texts) {
			patterns.add(parse(policy, property, text.strip(), parser));
		}
		return patterns;
	}

	private static GuardedPath parse(Policy policy, String property, String text, PathPatternParser parser) {
		if (text.contains("${")) {
			throw invalid(policy, property, text, "a placeholder in it has no value");
		}
		if (!text.startsWith("/")) {
			boolean path = text.matches("[\\w*{-][^\\s:]*");
			throw invalid(policy, property, text,
					"it must begin with a slash" + (path ? ": '/%s'".formatted(text) : ""));
		}
		if (text.matches(".*[\\s;]+/.*|.*[\\r\\n\\t].*")) {
			throw invalid(policy, property, text,
					"several patterns are separated by commas, or are elements of a list");
		}
		if (text.contains("//")) {
			throw invalid(policy, property, text, "slashes of a request are never doubled");
		}
		if (text.length() > 1 && text.endsWith("/")) {
			throw invalid(policy, property, text, "leave the slash at its end out, or write '%s**'".formatted(text));
		}
		int depth = 0;
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			depth += (character == '{') ? 1 : (character == '}') ? -1 : 0;
			if (depth > 0) {
				continue;
			}
			if ("%;#\\".indexOf(character) >= 0) {
				throw invalid(policy, property, text,
						"it is matched with the decoded path, in which there is no '%s': write a blank for %%20"
							.formatted(character));
			}
			if (Character.getType(character) == Character.FORMAT) {
				throw invalid(policy, property, text,
						"it has a character that cannot be seen, U+" + Integer.toHexString(character));
			}
		}
		if (text.matches(".*\\?[^/]*=.*")) {
			throw invalid(policy, property, text, "a query string is not part of a path");
		}
		if (text.contains("***")) {
			throw invalid(policy, property, text, "write * for one segment, or ** for the rest of the path");
		}
		try {
			return GuardedPath.of(text, parser);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(policy, property, text, String.valueOf(ex.getMessage()));
		}
	}

	private static InvalidRateLimitException invalid(Policy policy, String property, String text, String reason) {
		return RuleReader.invalid(policy, property, "the pattern '%s' cannot match: %s".formatted(text, reason));
	}

}
