package io.ratelimit.spring.web.servlet;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.ratelimit.Admission;
import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Mode;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.PathReadings;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.RequestRule;
import io.ratelimit.spring.request.RequestRules;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Charges requests to the policies that guard them, each request to each policy once,
 * whichever dispatches it takes; and refuses it if one of them does.
 */
final class RequestGate {

	private final RequestRules rules;

	private final RateLimits limits;

	private final Function<LimitedRequest, String> addresses;

	private final RateLimitHeaders headers;

	private final Refusals refusals;

	private final Waiting waiting;

	private final DecisionLines lines;

	/**
	 * Creates a gate.
	 * @param rules which policies guard which requests
	 * @param limits decides
	 * @param addresses the rules by which addresses of clients are found
	 * @param headers what to tell the client
	 * @param refusals how to refuse
	 * @param waiting how delayed requests wait
	 * @param lines what is logged
	 */
	RequestGate(RequestRules rules, RateLimits limits, Function<LimitedRequest, String> addresses,
			RateLimitHeaders headers, Refusals refusals, Waiting waiting, DecisionLines lines) {
		this.rules = rules;
		this.limits = limits;
		this.addresses = addresses;
		this.headers = headers;
		this.refusals = refusals;
		this.waiting = waiting;
		this.lines = lines;
	}

	/**
	 * Lets a request pass a place in the chain of filters.
	 * @return the request to go on with, or {@code null} if it has been answered
	 * @throws RateLimitExceededException if what is refused is included in a response,
	 * and cannot be answered there
	 */
	@Nullable HttpServletRequest pass(FilterPlace place, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		RequestRule[] rules = (place == FilterPlace.BEFORE_SECURITY) ? this.rules.beforeSecurity()
				: this.rules.afterSecurity();
		boolean first = place == FilterPlace.BEFORE_SECURITY && request.getDispatcherType() == DispatcherType.REQUEST;
		if (rules.length == 0 && !(first && DecisionLines.areWritten())) {
			return request;
		}
		Charging charging = new Charging(request, response, true);
		PathReadings path = ServletPath.of(request, this.rules);
		for (RequestRule rule : rules) {
			Map<String, String> variables = rule.match(charging.view, path);
			if (variables != null && !charging.add(rule, variables)) {
				return null;
			}
		}
		if (first && charging.charges == null && DecisionLines.areWritten()) {
			this.lines.unguarded(request, charging.view, path, this.rules.afterSecurity());
		}
		return charging.take() ? charging.passed() : null;
	}

	/**
	 * Lets a request pass to a handler of Spring MVC: charges the policies that guard it
	 * and have not been charged, as method and path may be others than the filters saw.
	 * @param handler the pattern that the handler is mapped to, if any
	 * @param endpoint whether the handler is a management endpoint
	 * @return whether the request goes on
	 */
	boolean pass(@Nullable String handler, boolean endpoint, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		Charging charging = new Charging(request, response, false);
		PathReadings path = null;
		// no filter of ours runs on the server of the management endpoints
		boolean elsewhere = ServletPath.isOnOtherServer(request, this.rules);
		if (elsewhere || ServletPath.isRewritten(request)
				|| (!endpoint && this.rules.mayBeManagement(request.getRequestURI()))) {
			path = ServletPath.of(request, this.rules);
			for (RequestRule rule : this.rules.all()) {
				Map<String, String> variables = rule.match(charging.view, path, elsewhere || endpoint);
				if (variables != null && !charging.add(rule, variables)) {
					return false;
				}
			}
		}
		for (RequestRule rule : (handler != null) ? this.rules.guarding(handler) : new RequestRule[0]) {
			if (!charging.hasSeen(rule)) {
				path = (path != null) ? path : ServletPath.of(request, this.rules);
				if (rule.guards(charging.view, path) && !charging.add(rule, Map.of())) {
					return false;
				}
			}
		}
		return charging.take();
	}

	/**
	 * Writes the header fields of a request that has failed again, since Undertow clears
	 * all header fields then.
	 */
	void repeat(HttpServletRequest request, HttpServletResponse response) {
		List<Decision> decisions = RequestCharges.decisionsOn(request);
		if (!decisions.isEmpty() && !response.isCommitted()) {
			this.headers.write(new LimitedServletResponse(request, response), decisions);
		}
	}

	boolean guardsNothing() {
		return this.rules.areEmpty();
	}

	/**
	 * What one request is charged at one place.
	 */
	private final class Charging {

		private final HttpServletRequest request;

		private final HttpServletResponse response;

		private final boolean replaceable;

		private final LimitedServletRequest view;

		/** The view that can be asked for parameters, once a rule has asked for one. */
		private LimitedServletRequest readable;

		private @Nullable RequestCharges charges;

		private @Nullable List<Claim> claims;

		/**
		 * Creates what is charged.
		 * @param replaceable whether the request can go on as another object, which has
		 * read the body
		 */
		private Charging(HttpServletRequest request, HttpServletResponse response, boolean replaceable) {
			this.request = request;
			this.response = response;
			this.replaceable = replaceable;
			this.view = new LimitedServletRequest(request, RequestGate.this.addresses);
			this.readable = this.view;
			this.charges = RequestCharges.find(request);
		}

		boolean hasSeen(RequestRule rule) {
			return this.charges != null && this.charges.hasSeen(rule.name());
		}

		/**
		 * Adds what a policy takes.
		 * @return {@code false} if the request has been refused
		 */
		boolean add(RequestRule rule, Map<String, String> variables) throws IOException {
			if (charges().hasTaken(rule.name())) {
				return true;
			}
			charges().see(rule.name());
			if (!rule.readsParameters()) {
				return add(rule, variables, this.view);
			}
			LimitedServletRequest readable = this.readable.withForm();
			this.readable = readable;
			FormRequest form = readable.form();
			if (form == null || rule.limiter().policy().mode() != Mode.SHADOW) {
				return add(rule, variables, this.replaceable ? readable : this.view);
			}
			String key = form.withoutBody(() -> rule.key(readable, variables));
			return add(rule, key, (key != null) ? form.withoutBody(() -> rule.cost(readable, variables)) : 0);
		}

		private boolean add(RequestRule rule, Map<String, String> variables, LimitedRequest asked) throws IOException {
			String key = rule.key(asked, variables);
			return add(rule, key, (key != null) ? rule.cost(asked, variables) : 0);
		}

		private boolean add(RequestRule rule, @Nullable String key, long cost) throws IOException {
			if (key == null && rule.deniesMissingKey()) {
				Decision decision = rule.limiter().denyWithoutKey();
				log(List.of(), List.of(decision));
				return !decision.refuses() || refused(List.of(decision));
			}
			if (key != null && cost > 0) {
				charges().take(rule.name());
				this.claims = Claims.with(this.claims, rule.limiter().claim(key, cost));
			}
			else if (DecisionLines.areWritten()) {
				RequestGate.this.lines.free(rule, key != null, this.request);
			}
			return true;
		}

		/**
		 * Returns the request to go on with.
		 */
		HttpServletRequest passed() {
			FormRequest form = this.readable.form();
			return (form != null && form.hasReadBody()) ? form : this.request;
		}

		/**
		 * Takes what has been added.
		 * @return {@code false} if the request has been refused
		 */
		boolean take() throws IOException {
			List<Claim> claims = this.claims;
			if (claims == null) {
				return true;
			}
			Decision late = RequestGate.this.waiting.tooLate(claims);
			if (late != null) {
				log(claims, List.of(late));
				return refused(List.of(late));
			}
			Admission admission = RequestGate.this.limits.admit(claims);
			log(claims, admission.decisions());
			if (!admission.granted()) {
				return refused(admission.decisions());
			}
			long delay = admission.delayNanos();
			if (delay > 0 && !RequestGate.this.waiting.await(delay, charges(), this.request, isDispatchable())) {
				Admission broken = admission.breakOff();
				log(claims, broken.decisions());
				return refused(broken.decisions());
			}
			charges().charged(claims, admission);
			if (!this.response.isCommitted()) {
				RequestGate.this.headers.write(new LimitedServletResponse(this.request, this.response),
						charges().decisions());
			}
			return true;
		}

		/**
		 * Returns whether Spring MVC has still to look for a handler of the request.
		 */
		private boolean isDispatchable() {
			return this.replaceable && this.request.getDispatcherType() == DispatcherType.REQUEST;
		}

		private RequestCharges charges() {
			RequestCharges charges = this.charges;
			if (charges == null) {
				charges = RequestCharges.of(this.request);
				this.charges = charges;
			}
			return charges;
		}

		private void log(List<Claim> claims, List<Decision> decisions) {
			if (DecisionLines.areWritten()) {
				RequestGate.this.lines.decided(claims, decisions, this.request);
			}
		}

		private boolean refused(List<Decision> decisions) throws IOException {
			if (this.request.getDispatcherType() == DispatcherType.INCLUDE) {
				throw new RateLimitExceededException(decisions);
			}
			RequestGate.this.refusals.refuse(decisions, this.request, this.response);
			return false;
		}

	}

}
