package io.ratelimit.spring.web;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.ratelimit.Mode;
import io.ratelimit.RateLimiter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.cors.CorsUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * A policy and the requests that it applies to.
 */
final class RequestRule {

	private final RateLimiter limiter;

	private final GuardedPath[] paths;

	private final GuardedPath[] except;

	private final Set<String> methods;

	private final RequestKey key;

	private final MissingKey missingKey;

	private final RequestCost cost;

	RequestRule(RateLimiter limiter, List<PathPattern> paths, List<PathPattern> except, Set<String> methods,
			RequestKey key, MissingKey missingKey, RequestCost cost) {
		this.limiter = limiter;
		this.paths = paths.stream().map(GuardedPath::of).toArray(GuardedPath[]::new);
		this.except = except.stream().map(GuardedPath::of).toArray(GuardedPath[]::new);
		this.methods = Set.copyOf(methods);
		this.key = key;
		this.missingKey = missingKey;
		this.cost = cost;
	}

	FilterPlace place() {
		return (this.key.needsPrincipal() || this.cost.needsPrincipal()) ? FilterPlace.AFTER_SECURITY
				: FilterPlace.BEFORE_SECURITY;
	}

	RateLimiter limiter() {
		return this.limiter;
	}

	/**
	 * Tells whether the policy applies to a request.
	 * @return the variables of the path, or {@code null} if it does not
	 */
	@Nullable Map<String, String> match(HttpServletRequest request, RequestPath path) {
		if (this.limiter.policy().mode() == Mode.OFF || !counts(request)) {
			return null;
		}
		for (GuardedPath guarded : this.paths) {
			PathPattern.PathMatchInfo match = path.match(guarded);
			if (match != null) {
				return exempt(path) ? null : match.getUriVariables();
			}
		}
		return null;
	}

	/**
	 * Returns who is being counted, or {@code null} if the request does not say.
	 */
	@Nullable String key(HttpServletRequest request, Map<String, String> variables) {
		return this.key.resolve(request, variables);
	}

	boolean deniesMissingKey() {
		return this.missingKey == MissingKey.DENY;
	}

	long cost(HttpServletRequest request, Map<String, String> variables) {
		return this.cost.of(request, variables);
	}

	private boolean exempt(RequestPath path) {
		for (GuardedPath guarded : this.except) {
			if (path.matches(guarded)) {
				return true;
			}
		}
		return false;
	}

	private boolean counts(HttpServletRequest request) {
		String method = request.getMethod();
		if (!this.methods.isEmpty()) {
			return this.methods.contains(method) || (method.equals("HEAD") && this.methods.contains("GET"));
		}
		return !(method.equals("OPTIONS") && CorsUtils.isPreFlightRequest(request));
	}

}
