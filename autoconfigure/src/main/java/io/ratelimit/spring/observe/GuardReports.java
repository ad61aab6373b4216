package io.ratelimit.spring.observe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.observe.GuardReport.Handler;
import io.ratelimit.spring.observe.GuardReport.Verdict;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.LivePolicies;
import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.PathReadings;
import io.ratelimit.spring.request.RequestRule;
import io.ratelimit.spring.request.RequestRules;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.http.HttpEntity;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.method.HandlerMethod;

/**
 * Reports which policies guard requests of a method and a path, and why the others do
 * not: by the very rules that requests are matched with.
 */
final class GuardReports {

	private static final String METHOD = "[A-Z-]{1,20}";

	private static final int LONGEST_PATH = 2000;

	private static final String VIEW = "org.springframework.web.servlet.ModelAndView";

	private static final List<String> METHOD_SECURITY = List.of(
			"org.springframework.security.access.prepost.PreAuthorize",
			"org.springframework.security.access.annotation.Secured", "jakarta.annotation.security.RolesAllowed",
			"jakarta.annotation.security.DenyAll");

	private final RateLimits limits;

	private final LivePolicies policies;

	private final @Nullable RequestRules rules;

	/**
	 * Creates reports.
	 * @param rules the rules for requests; {@code null} where requests are not limited
	 */
	GuardReports(RateLimits limits, LivePolicies policies, @Nullable RequestRules rules) {
		this.limits = limits;
		this.policies = policies;
		this.rules = rules;
	}

	/**
	 * Returns the report on an imagined request.
	 * @param method its method; {@code null} for GET
	 * @param path its path as it would be sent, with or without the context path
	 * @throws IllegalArgumentException if there can be no such request; the message says
	 * why
	 */
	GuardReport of(@Nullable String method, @Nullable String path) {
		String verb = verb(method);
		String sent = required(path);
		RequestRules rules = this.rules;
		if (rules == null) {
			return report(verb, sent, List.of(),
					List.of("requests are limited in servlet applications, and this is none: annotated methods are"),
					Map.of());
		}
		PathReadings readings = readings(sent, rules);
		LimitedRequest request = rules.imagined(verb, sent);
		List<Handler> handlers = new ArrayList<>();
		List<String> notes = new ArrayList<>();
		Map<String, Finding> findings = new HashMap<>();
		rules.all().forEach((rule) -> findings.put(rule.name(), Finding.of(rule, request, readings)));
		rules.server().handlers(verb, sent).forEach((pattern, methods) -> {
			methods.forEach((handler) -> {
				handlers.add(handler(handler, pattern));
				addNotes(handler, notes);
			});
			Arrays.stream(rules.guarding(pattern))
				.filter((rule) -> rule.guards(request, readings))
				.forEach((rule) -> findings.computeIfPresent(rule.name(), (name, finding) -> finding.orBy(pattern)));
		});
		addNotes(verb, sent, handlers, rules, notes);
		return report(verb, sent, handlers, notes, findings);
	}

	private static PathReadings readings(String path, RequestRules rules) {
		try {
			return rules.server().readings(path);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("the path '%s' cannot be read: %s".formatted(path, ex.getMessage()), ex);
		}
	}

	private GuardReport report(String method, String path, List<Handler> handlers, List<String> notes,
			Map<String, Finding> findings) {
		return new GuardReport(method, path, handlers, notes,
				this.limits.policies()
					.values()
					.stream()
					.map((policy) -> verdict(policy, findings.get(policy.name()), handlers))
					.sorted(Comparator.comparing((Verdict verdict) -> !verdict.guards()))
					.toList());
	}

	private Verdict verdict(Policy policy, @Nullable Finding finding, List<Handler> handlers) {
		String name = policy.name();
		List<String> reasons = new ArrayList<>();
		boolean off = policy.mode() == Mode.OFF;
		boolean guards = false;
		String place = null;
		if (finding != null) {
			reasons.add(finding.reason());
			guards = finding.guards();
			place = guards ? finding.place() : null;
		}
		for (Handler handler : handlers) {
			if (!off && handler.policies().contains(name)) {
				reasons.add("%s handles it, and is limited by the policy".formatted(handler.method()));
				guards = true;
				place = (place != null) ? place : "method";
			}
		}
		if (off) {
			reasons = List.of(this.policies.enabled() ? "its mode is off" : "ratelimit.enabled is false");
		}
		else if (reasons.isEmpty()) {
			reasons.add(withoutPaths(name));
		}
		if (guards && policy.mode() == Mode.SHADOW) {
			reasons.add("its mode is shadow, so it refuses nobody");
		}
		Guard guard = this.policies.findGuard(name);
		return new Verdict(name, guards, String.join("; ", reasons), policy.mode().name().toLowerCase(Locale.ROOT),
				place, (guard != null) ? guard.key() : null, policy.limits().stream().map(Limit::toString).toList());
	}

	private String withoutPaths(String policy) {
		List<String> calls = this.policies.calls(policy);
		if (!calls.isEmpty()) {
			return "it has no paths, and limits calls of " + String.join(", ", calls);
		}
		Guard guard = this.policies.findGuard(policy);
		if (guard != null && !guard.paths().isEmpty()) {
			return "paths limit nothing here";
		}
		return (guard == null && policy.indexOf('.') > 0)
				? "it has the limits of a plan, or of a method that is not in use: see the policy that it belongs to"
				: "it has no paths, and no annotated method names it";
	}

	private Handler handler(HandlerMethod handler, String pattern) {
		String name = Arrays.stream(handler.getMethod().getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", ",
					handler.getBeanType().getTypeName() + "." + handler.getMethod().getName() + "(", ")"));
		return new Handler(name, pattern, this.policies.limiting(handler.getMethod(), handler.getBeanType()));
	}

	private void addNotes(HandlerMethod handler, List<String> notes) {
		if (!this.policies.limiting(handler.getMethod(), handler.getBeanType()).isEmpty()
				&& METHOD_SECURITY.stream().anyMatch((annotation) -> isAnnotated(handler, annotation))) {
			notes.add("calls that method security refuses are not counted: limits of the method stand behind it");
		}
		Class<?> type = handler.getMethod().getReturnType();
		boolean writesBody = isAnnotated(handler, ResponseBody.class.getName()) && !type.getName().equals(VIEW);
		if (!writesBody && !HttpEntity.class.isAssignableFrom(type)) {
			notes.add("where the handler forwards to another path, policies of that path count the request, too");
		}
	}

	private static boolean isAnnotated(HandlerMethod handler, String annotation) {
		return MergedAnnotations.from(handler.getMethod(), SearchStrategy.TYPE_HIERARCHY).isPresent(annotation)
				|| MergedAnnotations.from(handler.getBeanType(), SearchStrategy.TYPE_HIERARCHY).isPresent(annotation);
	}

	private static void addNotes(String method, String path, List<Handler> handlers, RequestRules rules,
			List<String> notes) {
		String context = rules.server().contextPath();
		if (!context.isEmpty() && !path.equals(context) && !path.startsWith(context + "/")) {
			notes.add("the path was read as " + context + path + ", as the context path was missing");
		}
		if (handlers.isEmpty() && rules.server().hasHandlers()) {
			notes.add((rules.server().parser() == null) ? "handlers are not known here with the ant matcher"
					: "no annotated handler of Spring MVC takes such requests; where no servlet does, no filter sees them; "
							+ "where one is forwarded, as that for / is to a welcome page, policies of that path count it");
		}
		if (handlers.size() > 1) {
			notes.add("which of the handlers it is depends on header fields and parameters");
		}
		if (method.equals("OPTIONS")) {
			notes.add("a CORS preflight is counted only by policies whose methods have OPTIONS");
		}
	}

	private static String verb(@Nullable String method) {
		String verb = (method != null) ? method.strip().toUpperCase(Locale.ROOT) : "GET";
		if (!verb.matches(METHOD)) {
			throw new IllegalArgumentException("'%s' is no HTTP method, such as GET or POST".formatted(method));
		}
		return verb;
	}

	private static String required(@Nullable String path) {
		if (path == null || path.isEmpty()) {
			throw new IllegalArgumentException(
					"say which request is meant: path=/login, and method=POST unless it is GET");
		}
		if (path.length() > LONGEST_PATH) {
			throw new IllegalArgumentException("the path has more than %s characters".formatted(LONGEST_PATH));
		}
		if (!path.startsWith("/")) {
			throw new IllegalArgumentException(
					"the path '%s' does not begin with a slash: leave scheme and host out".formatted(path));
		}
		if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
			throw new IllegalArgumentException(
					"the path '%s' has a query or a fragment, which no policy sees: leave it out".formatted(path));
		}
		if (path.chars().anyMatch((character) -> character <= ' ' || Character.isISOControl(character))) {
			throw new IllegalArgumentException(
					"the path has a character that is never sent: write it as it is sent, with %20 for a blank");
		}
		return path;
	}

	/**
	 * What a rule comes to.
	 */
	private record Finding(boolean guards, String reason, String place) {

		private static Finding of(RequestRule rule, LimitedRequest request, PathReadings path) {
			return new Finding(rule.match(request, path) != null, rule.reason(request, path),
					rule.needsPrincipal() ? "after-security" : "before-security");
		}

		/**
		 * Returns what it comes to where the pattern of the handler matches its paths.
		 */
		private Finding orBy(String pattern) {
			return this.guards ? this : new Finding(true,
					"the pattern of the handler, %s, matches its paths".formatted(pattern), this.place);
		}

	}

}
