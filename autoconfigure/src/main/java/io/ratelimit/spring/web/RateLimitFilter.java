package io.ratelimit.spring.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Mode;
import io.ratelimit.RateLimiterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Charges each request once to every policy that guards it, and refuses it if one of them
 * does. Stands in two places of the chain, each with the rules that belong there.
 */
public final class RateLimitFilter extends OncePerRequestFilter {

	private static final String DISPATCHER_SERVLET = "org.springframework.web.servlet.DispatcherServlet";

	private final String passed;

	private final String filtered;

	private final FilterPlace place;

	private final RequestRules rules;

	private final RateLimiterRegistry registry;

	private final RateLimitHeaders headers;

	private final Refusals refusals;

	/**
	 * Makes a filter.
	 * @param place where it stands
	 * @param rules which policies guard which requests
	 * @param registry whom to ask
	 * @param headers what to tell the client
	 * @param refusals how to refuse
	 */
	public RateLimitFilter(FilterPlace place, RequestRules rules, RateLimiterRegistry registry,
			RateLimitHeaders headers, Refusals refusals) {
		this.passed = RateLimitFilter.class.getName() + "." + place;
		this.filtered = this.passed + ALREADY_FILTERED_SUFFIX;
		this.place = place;
		this.rules = rules;
		this.registry = registry;
		this.headers = headers;
		this.refusals = refusals;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (request.getAttribute(this.passed) != null) {
			chain.doFilter(request, response);
			return;
		}
		request.setAttribute(this.passed, true);
		if (passes(this.rules.at(this.place), request, response)) {
			chain.doFilter(request, response);
		}
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return this.rules.at(this.place).length == 0;
	}

	/**
	 * Asks again on an asynchronous dispatch only if the request has not passed before,
	 * which the attribute tells.
	 */
	@Override
	protected boolean shouldNotFilterAsyncDispatch() {
		return false;
	}

	@Override
	protected String getAlreadyFilteredAttributeName() {
		return this.filtered;
	}

	private boolean passes(RequestRule[] rules, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		RequestPath path = new RequestPath(request);
		List<Claim> claims = null;
		for (RequestRule rule : rules) {
			Map<String, String> variables = rule.match(request, path);
			if (variables == null) {
				continue;
			}
			String key = rule.key(request, variables);
			if (key == null && !rule.deniesMissingKey()) {
				continue;
			}
			if (key == null) {
				Decision decision = this.registry.denyWithoutKey(rule.limiter().policy().name());
				if (decision.refuses()) {
					return refused(List.of(decision), request, response);
				}
				continue;
			}
			long cost = rule.cost(request, variables);
			if (cost > 0) {
				claims = (claims != null) ? claims : new ArrayList<>(rules.length);
				claims.add(new Claim(rule.limiter().policy(), key, cost));
			}
		}
		return claims == null || passes(claims, request, response);
	}

	private boolean passes(List<Claim> claims, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		long since = System.nanoTime();
		List<Decision> decisions = this.registry.tryAcquireAll(claims);
		long delay = 0;
		for (Decision decision : decisions) {
			if (decision.refuses()) {
				return refused(decisions, request, response);
			}
			if (decision.policy().mode() == Mode.ENFORCE) {
				delay = Math.max(delay, decision.delayNanos());
			}
		}
		RequestCharges charges = RequestCharges.of(request);
		charges.charged(claims, decisions, since);
		charges.decided(decisions);
		if (!response.isCommitted()) {
			this.headers.write(response, charges.decisions());
		}
		return delay == 0 || delayed(charges, delay, request);
	}

	private boolean refused(List<Decision> decisions, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		this.refusals.refuse(decisions, request, response);
		return false;
	}

	/**
	 * Leaves the wait to {@link DelayedRequestMapping} where that can do it without a
	 * thread, at the end of the chain; waits here where it cannot.
	 */
	private static boolean delayed(RequestCharges charges, long delay, HttpServletRequest request) {
		charges.delay(delay);
		if (!request.isAsyncSupported() || !dispatchedBySpring(request)) {
			long deadline = System.nanoTime() + charges.takeDelay();
			for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
				if (Thread.currentThread().isInterrupted()) {
					break;
				}
				LockSupport.parkNanos(left);
			}
		}
		return true;
	}

	private static boolean dispatchedBySpring(HttpServletRequest request) {
		String servlet = request.getHttpServletMapping().getServletName();
		ServletRegistration registration = request.getServletContext().getServletRegistration(servlet);
		return isDispatcherServlet(registration);
	}

	private static boolean isDispatcherServlet(@Nullable ServletRegistration registration) {
		return registration != null && DISPATCHER_SERVLET.equals(registration.getClassName());
	}

}
