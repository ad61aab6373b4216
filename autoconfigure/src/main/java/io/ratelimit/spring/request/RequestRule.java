package io.ratelimit.spring.request;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import io.ratelimit.Limiter;
import io.ratelimit.Mode;
import io.ratelimit.spring.policy.Guard.MissingKey;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.PathContainer;

/**
 * A policy and the requests that it applies to.
 */
public final class RequestRule {

	private final Limiter limiter;

	private final String name;

	private final GuardedPath[] paths;

	private final GuardedPath[] except;

	private final PathMatching matching;

	private final Predicate<LimitedRequest> preflights;

	private final Set<String> methods;

	private final RequestKey key;

	private final MissingKey missingKey;

	private final RequestCost cost;

	private final boolean readsParameters;

	RequestRule(Limiter limiter, List<GuardedPath> paths, List<GuardedPath> except, PathMatching matching,
			Predicate<LimitedRequest> preflights, Set<String> methods, RequestKey key, MissingKey missingKey,
			RequestCost cost) {
		this.limiter = limiter;
		this.name = limiter.policy().name();
		this.paths = paths.toArray(GuardedPath[]::new);
		this.except = except.toArray(GuardedPath[]::new);
		this.matching = matching;
		this.preflights = preflights;
		this.methods = Set.copyOf(methods);
		this.key = key;
		this.missingKey = missingKey;
		this.cost = cost;
		this.readsParameters = key.readsParameters() || cost.readsParameters();
	}

	/**
	 * Returns whether the policy can be applied only where the principal is known.
	 * @return whether it stands behind Spring Security
	 */
	public boolean needsPrincipal() {
		return this.key.needsPrincipal() || this.cost.needsPrincipal();
	}

	/**
	 * Returns the limiter of the policy.
	 * @return the limiter
	 */
	public Limiter limiter() {
		return this.limiter;
	}

	/**
	 * Returns the name of the policy.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Returns the variables of the path if the policy applies to a request.
	 * @param request the request
	 * @param path its path
	 * @return the variables, or {@code null} if it does not apply
	 */
	public @Nullable Map<String, String> match(LimitedRequest request, PathReadings path) {
		return match(request, path, true);
	}

	/**
	 * Returns the variables of the path if the policy applies to a request.
	 * @param request the request
	 * @param path its path
	 * @param endpoint whether a management endpoint serves the request, if its path is
	 * that of one
	 * @return the variables, or {@code null} if it does not apply
	 */
	public @Nullable Map<String, String> match(LimitedRequest request, PathReadings path, boolean endpoint) {
		if (this.limiter.policy().mode() == Mode.OFF || !counts(request)) {
			return null;
		}
		for (GuardedPath guarded : this.paths) {
			Map<String, String> match = path.match(guarded);
			if (match != null && (!endpoint || !path.isManagement(this.matching)
					|| this.matching.namesManagement(guarded.prefix()))) {
				return path.isExempt(this.except) ? null : match;
			}
		}
		return null;
	}

	/**
	 * Returns whether the policy applies to a request whose handler it
	 * {@linkplain #couldGuard could guard}.
	 * @param request the request
	 * @param path its path
	 * @return whether it applies
	 */
	public boolean guards(LimitedRequest request, PathReadings path) {
		return this.limiter.policy().mode() != Mode.OFF && counts(request) && !path.isManagement(this.matching)
				&& !path.isExempt(this.except);
	}

	/**
	 * Returns whether one of the paths matches the pattern of a handler, read as a path.
	 */
	boolean couldGuard(PathContainer mapped) {
		for (GuardedPath guarded : this.paths) {
			if (guarded.match(mapped) != null) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns whether the policy can refuse a request of an operation.
	 * @param operation the path of the operation
	 * @param method its method
	 * @param others whether there is another operation of that method for a path
	 */
	boolean canRefuse(PathTemplate operation, String method, Predicate<String> others) {
		return this.limiter.policy().mode() == Mode.ENFORCE
				&& (this.methods.isEmpty() || this.methods.contains(method)
						|| (method.equals("HEAD") && this.methods.contains("GET")))
				&& Arrays.stream(this.paths).anyMatch((path) -> guards(path, operation, others))
				&& Arrays.stream(this.except).noneMatch(operation::isWithin);
	}

	/*
	 * A path that has an operation of its own never comes to one with a variable.
	 */
	private boolean guards(GuardedPath path, PathTemplate operation, Predicate<String> others) {
		String text = path.toString();
		return operation.overlaps(path)
				&& (text.equals(operation.toString()) || !PathTemplate.isFixed(text) || !others.test(text))
				&& (!this.matching.isManagementAnywhere(operation.toString())
						|| this.matching.namesManagement(path.prefix()));
	}

	/**
	 * Returns whether the policy limits some methods of a handler and leaves out others.
	 * @param handler the methods of the handler; empty if it takes all
	 */
	boolean leavesOut(Set<String> handler) {
		return !this.methods.isEmpty() && (handler.isEmpty() || (!Collections.disjoint(handler, this.methods)
				&& handler.stream().anyMatch((method) -> !this.methods.contains(method) && !method.equals("HEAD"))));
	}

	/**
	 * Returns the paths as they are written.
	 */
	List<String> paths() {
		return Arrays.stream(this.paths).map(GuardedPath::toString).toList();
	}

	/**
	 * Returns whether one of the paths begins as some others do.
	 */
	boolean hasPathBelow(String base) {
		return Arrays.stream(this.paths).anyMatch((path) -> (path.prefix() + "/").startsWith(base + "/"));
	}

	/**
	 * Returns whether a client escapes this policy by inventing a value, and none of some
	 * others holds it.
	 */
	boolean isEscapable(List<RequestRule> others) {
		return this.key.isUnchecked() && !Arrays.stream(this.paths)
			.allMatch((path) -> others.stream().anyMatch((other) -> other.holds(this, path)));
	}

	private boolean holds(RequestRule other, GuardedPath path) {
		return !this.key.isUnchecked() && couldGuard(path.example())
				&& (this.methods.isEmpty() || this.methods.equals(other.methods));
	}

	/**
	 * Returns the key that permits are counted under.
	 * @param request the request
	 * @param variables the variables of its path
	 * @return the key, or {@code null} if the request has none
	 */
	public @Nullable String key(LimitedRequest request, Map<String, String> variables) {
		return this.key.resolve(request, variables);
	}

	/**
	 * Returns whether a request without the key is to be refused.
	 * @return what it means when {@link #key} returns {@code null}
	 */
	public boolean deniesMissingKey() {
		return this.missingKey == MissingKey.DENY;
	}

	/**
	 * Returns how many permits a request takes.
	 * @param request the request
	 * @param variables the variables of its path
	 * @return the permits; zero if it is free
	 */
	public long cost(LimitedRequest request, Map<String, String> variables) {
		return this.cost.of(request, variables);
	}

	/**
	 * Returns whether key or cost may read parameters, which can stand in the body.
	 * @return whether the body may be read
	 */
	public boolean readsParameters() {
		return this.readsParameters;
	}

	/**
	 * Returns why the policy applies to a request, or why not. Whether it does is what
	 * {@link #match} says.
	 * @param request the request
	 * @param path its path
	 * @return the reason, in words
	 */
	public String reason(LimitedRequest request, PathReadings path) {
		List<GuardedPath> matching = Arrays.stream(this.paths).filter((each) -> path.match(each) != null).toList();
		boolean matches = match(request, path) != null;
		if (this.limiter.policy().mode() == Mode.OFF) {
			return "its mode is off";
		}
		if (matching.isEmpty()) {
			return "its paths are " + joined(paths());
		}
		if (!matches && path.isManagement(this.matching)
				&& matching.stream().noneMatch((each) -> this.matching.namesManagement(each.prefix()))) {
			return "the path is that of a management endpoint, which only paths that begin with theirs guard; its paths are "
					+ joined(paths());
		}
		if (!matches && path.isExempt(this.except)) {
			return "excepted by " + joined(Arrays.stream(this.except)
				.filter((each) -> path.isExempt(new GuardedPath[] { each }))
				.map(GuardedPath::toString)
				.toList());
		}
		String methods = this.methods.isEmpty() ? "" : "its methods are " + joined(new TreeSet<>(this.methods));
		if (!matches) {
			return methods.isEmpty() ? "a CORS preflight is not counted" : methods;
		}
		return "its path %s matches%s".formatted(matching.get(0), methods.isEmpty() ? "" : ", and " + methods);
	}

	private static String joined(Collection<String> texts) {
		return texts.isEmpty() ? "several patterns together" : String.join(", ", texts);
	}

	private boolean counts(LimitedRequest request) {
		String method = request.method();
		if (!this.methods.isEmpty()) {
			return this.methods.contains(method) || (method.equals("HEAD") && this.methods.contains("GET"));
		}
		return !this.preflights.test(request);
	}

}
