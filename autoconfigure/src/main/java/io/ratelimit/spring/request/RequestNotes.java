package io.ratelimit.spring.request;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log messages at the start about limits that do less than their configuration suggests.
 */
final class RequestNotes {

	private static final Logger logger = LoggerFactory.getLogger(RequestNotes.class);

	private final RulesReview rules;

	private final List<String> trustedProxies;

	private final RequestServer server;

	RequestNotes(RequestRules rules, List<String> trustedProxies, RequestServer server) {
		this.rules = new RulesReview(rules);
		this.trustedProxies = trustedProxies;
		this.server = server;
	}

	/**
	 * Writes to the log what there is to say.
	 */
	void write() {
		addresses();
		keys();
		regularExpressions();
		contextPath();
		endpoints();
		if (this.server.hasHandlers()) {
			handlers();
		}
	}

	private void addresses() {
		if (!this.rules.usesAddresses()) {
			return;
		}
		String forgeableBy = this.server.forgeableBy();
		if (forgeableBy != null) {
			logger.warn("Forwarding headers are read by {}, which believes the first address in a header that any "
					+ "client can write: limits by ip can be walked past. Set server.forward-headers-strategy to "
					+ "'none', and name your proxies in ratelimit.http.trusted-proxies", forgeableBy);
		}
		List<String> everybody = this.trustedProxies.stream().filter((range) -> range.strip().endsWith("/0")).toList();
		if (!everybody.isEmpty()) {
			logger.warn("ratelimit.http.trusted-proxies has {}, which trusts every address: limits by ip can be walked "
					+ "past. Name your proxies only", everybody);
		}
		if (this.server.readsForwarding() && !this.trustedProxies.isEmpty()) {
			logger.warn("ratelimit.http.trusted-proxies stands beside a server that reads forwarding headers itself: "
					+ "what it takes for a client is looked up among the proxies. Set "
					+ "server.forward-headers-strategy to 'none'");
		}
	}

	private void keys() {
		List<String> escapable = this.rules.escapable();
		if (!escapable.isEmpty()) {
			logger.warn("Policies {} count by a header, a cookie or a parameter that nobody has checked, or by a "
					+ "session: whoever invents a new value, or begins a new session, is a new client. Put a policy by "
					+ "ip on the same paths", escapable);
		}
	}

	private void regularExpressions() {
		this.rules.regularExpressions()
			.forEach((policy, paths) -> logger.warn(
					"Policy '{}' has the paths {}, which look like regular expressions and are patterns: .* stands for "
							+ "itself. Write ** for the rest of a path, as in /api/**, and a regular expression in "
							+ "braces, as in /orders/{id:\\d+}",
					policy, paths));
	}

	private void contextPath() {
		String contextPath = this.server.contextPath();
		if (!contextPath.isEmpty() && !this.server.handlesBelow(contextPath)) {
			this.rules.beginningWith(contextPath)
				.forEach((policy, paths) -> logger
					.warn("Policy '{}' has the paths {}, and paths are matched without the context path '{}': leave it "
							+ "out there, or nothing is limited", policy, paths, contextPath));
		}
	}

	private void endpoints() {
		List<String> all = Stream.of(this.server.management(), this.server.managementElsewhere())
			.flatMap(List::stream)
			.toList();
		List<String> wide = this.rules.leavingOutEndpoints(all);
		if (!wide.isEmpty()) {
			String base = this.server.managementBase();
			logger.info("Policies {} do not limit the management endpoints below {}; paths that begin with it do", wide,
					base.isEmpty() ? "/" : base);
		}
	}

	private void handlers() {
		List<String> all = this.rules.below("");
		if (this.server.parser() == null && !all.isEmpty()) {
			logger.warn("Spring MVC matches paths with the ant matcher or suffix patterns "
					+ "(spring.mvc.pathmatch.matching-strategy), and policies {} by path patterns: a path that only "
					+ "the ant matcher takes may be unlimited. Use path-pattern-parser, the default", all);
		}
		Map<String, TreeSet<String>> leftOut = new LinkedHashMap<>();
		this.server.forEachHandler((pattern, methods) -> this.rules.leavingOutMethods(pattern, methods)
			.forEach((policy) -> leftOut.computeIfAbsent(policy, (name) -> new TreeSet<>()).add(pattern)));
		leftOut.forEach((policy, patterns) -> logger.warn(
				"Policy '{}' limits some methods only, and handlers of {} take others too, which pass unlimited: "
						+ "restrict the handlers' methods, or leave ratelimit.policies.{}.methods out",
				policy, patterns, policy));
	}

}
