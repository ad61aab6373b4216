package io.ratelimit.spring.web;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.springframework.http.server.PathContainer;

/**
 * Finds rules that do less than their configuration suggests.
 */
public final class RulesReview {

	private final RequestRules rules;

	/**
	 * Creates a review.
	 * @param rules what to look through, as it is when that is asked for
	 */
	public RulesReview(RequestRules rules) {
		this.rules = rules;
	}

	/**
	 * Returns whether any policy counts by the client's address.
	 * @return whether addresses matter
	 */
	public boolean usesAddresses() {
		return this.rules.useAddresses();
	}

	/**
	 * Returns the policies that a client escapes by inventing a header, a cookie or a
	 * parameter, as no other policy holds it on the same paths.
	 * @return their names
	 */
	public List<String> escapable() {
		List<RequestRule> all = this.rules.all();
		return names((rule) -> rule.isEscapable(all));
	}

	/**
	 * Returns the policies that would guard management endpoints if these were like any
	 * other path.
	 * @param endpoints paths of the endpoints
	 * @return their names
	 */
	public List<String> leavingOutEndpoints(List<String> endpoints) {
		return names((rule) -> endpoints.stream().noneMatch(rule::hasPathBelow)
				&& endpoints.stream().anyMatch((path) -> rule.couldGuard(PathContainer.parsePath(path))));
	}

	/**
	 * Returns the policies that have paths.
	 * @param base what one of the paths begins with; empty for any
	 * @return their names
	 */
	public List<String> below(String base) {
		return names((rule) -> rule.hasPathBelow(base));
	}

	/**
	 * Returns the policies that limit some methods of a handler and leave out others.
	 * @param pattern the pattern of the handler
	 * @param methods its methods; none if it takes all
	 * @return their names
	 */
	public List<String> leavingOutMethods(String pattern, Set<String> methods) {
		PathContainer example = PathContainer
			.parsePath(pattern.replaceAll("\\{\\*[^}]*}|\\*\\*", "a/b").replace("*", "a").replaceAll("[%;]", ""));
		return names((rule) -> rule.leavesOut(methods) && rule.couldGuard(example));
	}

	private List<String> names(Predicate<RequestRule> condition) {
		return this.rules.all().stream().filter(condition).map(RequestRule::name).toList();
	}

}
