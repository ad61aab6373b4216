package io.ratelimit.spring.request;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.springframework.http.server.PathContainer;

/**
 * Finds rules that do less than their configuration suggests.
 */
final class RulesReview {

	/** A segment that is ".*", a choice in brackets or a range of letters. */
	private static final Pattern REGULAR_EXPRESSION = Pattern
		.compile("/\\.[*+]|\\([^)/]*\\||\\[[^]/]*-[^]/]*]|\\^|\\$$");

	private final RequestRules rules;

	/**
	 * Creates a review.
	 * @param rules what to look through, as it is when that is asked for
	 */
	RulesReview(RequestRules rules) {
		this.rules = rules;
	}

	/**
	 * Returns whether any policy counts by the client's address.
	 * @return whether addresses matter
	 */
	boolean usesAddresses() {
		return this.rules.compiled().useAddresses();
	}

	/**
	 * Returns the policies that a client escapes by inventing a header, a cookie or a
	 * parameter, as no other policy holds it on the same paths.
	 * @return their names
	 */
	List<String> escapable() {
		List<RequestRule> all = this.rules.all();
		return names((rule) -> rule.isEscapable(all));
	}

	/**
	 * Returns the policies that would guard management endpoints if these were like any
	 * other path.
	 * @param endpoints paths of the endpoints
	 * @return their names
	 */
	List<String> leavingOutEndpoints(List<String> endpoints) {
		return names((rule) -> endpoints.stream().noneMatch(rule::hasPathBelow)
				&& endpoints.stream().anyMatch((path) -> rule.couldGuard(PathContainer.parsePath(path))));
	}

	/**
	 * Returns the policies that have paths.
	 * @param base what one of the paths begins with; empty for any
	 * @return their names
	 */
	List<String> below(String base) {
		return names((rule) -> rule.hasPathBelow(base));
	}

	/**
	 * Returns paths that look like regular expressions, by their policies.
	 * @return the paths as they are written
	 */
	Map<String, List<String>> regularExpressions() {
		return paths((path) -> REGULAR_EXPRESSION.matcher(path.replaceAll("\\{[^/]*}", "")).find());
	}

	/**
	 * Returns paths that begin with another path, by their policies.
	 * @param base the other path
	 * @return the paths as they are written
	 */
	Map<String, List<String>> beginningWith(String base) {
		return paths((path) -> path.equals(base) || path.startsWith(base + "/"));
	}

	private Map<String, List<String>> paths(Predicate<String> condition) {
		Map<String, List<String>> found = new LinkedHashMap<>();
		for (RequestRule rule : this.rules.all()) {
			List<String> paths = rule.paths().stream().filter(condition).toList();
			if (!paths.isEmpty()) {
				found.put(rule.name(), paths);
			}
		}
		return found;
	}

	/**
	 * Returns the policies that limit some methods of a handler and leave out others.
	 * @param pattern the pattern of the handler
	 * @param methods its methods; none if it takes all
	 * @return their names
	 */
	List<String> leavingOutMethods(String pattern, Set<String> methods) {
		PathContainer example = PathContainer
			.parsePath(pattern.replaceAll("\\{\\*[^}]*}|\\*\\*", "a/b").replace("*", "a").replaceAll("[%;]", ""));
		return names((rule) -> rule.leavesOut(methods) && rule.couldGuard(example));
	}

	private List<String> names(Predicate<RequestRule> condition) {
		return this.rules.all().stream().filter(condition).map(RequestRule::name).toList();
	}

}
