package io.ratelimit.spring.request;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

import io.ratelimit.RateLimits;
import io.ratelimit.spring.expression.Expressions;
import io.ratelimit.spring.policy.Guard;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.method.HandlerMethod;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Rules, and addresses of clients, for tests of other packages.
 */
public final class GivenRules {

	private GivenRules() {
	}

	/**
	 * Returns rules for requests to a servlet.
	 * @param limits has all policies
	 * @param guard what each of them guards
	 */
	public static RequestRules of(RateLimits limits, Guard guard, Predicate<LimitedRequest> preflights) {
		KeySettings settings = new KeySettings(new KeyHash(new byte[16], false), false, new Subnet(32, 64),
				new Subnet(24, 48), false, HttpServletRequest.class);
		RequestRules rules = new RequestRules(
				new RuleReader(settings, new Expressions(null), (name) -> (request) -> null, preflights),
				new GivenServer(), limits);
		rules.prepare(limits.policies(), (policy) -> guard).run();
		return rules;
	}

	/**
	 * Returns addresses of clients behind proxies.
	 */
	public static Function<LimitedRequest, String> addresses(String... proxies) {
		return new ClientAddress(List.of(proxies), false, new Subnet(32, 64));
	}

	/**
	 * A server without handlers.
	 */
	private static final class GivenServer implements RequestServer {

		@Override
		public Class<?> requestType() {
			return HttpServletRequest.class;
		}

		@Override
		public boolean authenticates() {
			return false;
		}

		@Override
		public boolean isPreflight(LimitedRequest request) {
			return false;
		}

		@Override
		public boolean readsForwarding() {
			return false;
		}

		@Override
		public String forgeableBy() {
			return null;
		}

		@Override
		public String contextPath() {
			return "";
		}

		@Override
		public boolean hasHandlers() {
			return false;
		}

		@Override
		public PathPatternParser parser() {
			return null;
		}

		@Override
		public boolean handlesBelow(String path) {
			return false;
		}

		@Override
		public void forEachHandler(BiConsumer<String, Set<String>> action) {
		}

		@Override
		public PathReadings readings(String path) {
			return new PathReadings(path, "", path, "", "", false);
		}

		@Override
		public Map<String, List<HandlerMethod>> handlers(String method, String path) {
			return Map.of();
		}

		@Override
		public String managementBase() {
			return "";
		}

		@Override
		public List<String> management() {
			return List.of();
		}

		@Override
		public List<String> managementElsewhere() {
			return List.of();
		}

	}

}
