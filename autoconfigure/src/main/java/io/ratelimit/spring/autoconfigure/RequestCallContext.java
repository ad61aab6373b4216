package io.ratelimit.spring.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimiterRegistry;
import io.ratelimit.spring.method.CallContext;
import io.ratelimit.spring.web.RateLimitHeaders;
import io.ratelimit.spring.web.RequestCharges;
import io.ratelimit.spring.web.RequestRules;
import io.ratelimit.spring.web.RequestRules.RequestKeyWhenMissing;
import io.ratelimit.spring.web.Waiting;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The HTTP request that a call is made on behalf of.
 */
final class RequestCallContext implements CallContext {

	private static final Logger logger = LoggerFactory.getLogger(RequestCallContext.class);

	private static final String NO_REQUEST = "~call~";

	private final RequestRules rules;

	private final ConfiguredPolicies policies;

	private final Supplier<RateLimiterRegistry> registry;

	private final RateLimitHeaders headers;

	private final BooleanSupplier authenticates;

	private final WaitingRoom waiting;

	RequestCallContext(RequestRules rules, ConfiguredPolicies policies, Supplier<RateLimiterRegistry> registry,
			RateLimitHeaders headers, BooleanSupplier authenticates, Waiting waiting) {
		this.waiting = new BoundedRoom(waiting);
		this.rules = rules;
		this.policies = policies;
		this.registry = registry;
		this.headers = headers;
		this.authenticates = authenticates;
	}

	@Override
	public CallKey key(String policy, @Nullable String key) {
		RequestKeyWhenMissing requestKey = this.rules.key(policy, key, this.policies.guard(policy));
		if (requestKey.needsAuthentication() && !this.authenticates.getAsBoolean()) {
			throw new IllegalArgumentException(
					"the key '%s' needs a principal, and nothing here authenticates anybody: add Spring Security, or use another key"
						.formatted((key != null) ? key : this.policies.guard(policy).key()));
		}
		AtomicBoolean warned = new AtomicBoolean();
		return () -> {
			ServletRequestAttributes attributes = attributes();
			if (attributes == null) {
				if (warned.compareAndSet(false, true)) {
					logger.warn("Policy '{}' takes its key from the request, and is used where there is none: such "
							+ "calls are all counted together. Give the annotation a key, such as #id", policy);
				}
				return NO_REQUEST;
			}
			return resolve(policy, requestKey, attributes.getRequest());
		};
	}

	@Override
	public Policy policy(String name, List<Limit> limits) {
		return this.policies.inPlace(name, limits);
	}

	@Override
	public PaidPermits paid() {
		ServletRequestAttributes attributes = attributes();
		return (attributes != null) ? new PaidByRequest(RequestCharges.of(attributes.getRequest())) : PaidPermits.NONE;
	}

	@Override
	public WaitingRoom waitingRoom() {
		return (attributes() != null) ? this.waiting : WaitingRoom.UNBOUNDED;
	}

	@Override
	public <T> Supplier<T> carried(Supplier<T> work) {
		RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
		return (attributes == null) ? work : () -> {
			RequestContextHolder.setRequestAttributes(attributes);
			try {
				return work.get();
			}
			finally {
				RequestContextHolder.resetRequestAttributes();
			}
		};
	}

	@Override
	public void decided(List<Decision> decisions) {
		ServletRequestAttributes attributes = attributes();
		if (attributes != null) {
			RequestCharges charges = RequestCharges.of(attributes.getRequest());
			charges.decided(decisions);
			HttpServletResponse response = attributes.getResponse();
			if (response != null && !response.isCommitted()) {
				this.headers.write(response, charges.decisions());
			}
		}
	}

	@SuppressWarnings("unchecked")
	private @Nullable String resolve(String policy, RequestKeyWhenMissing requestKey, HttpServletRequest request) {
		Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
		String key = requestKey.resolve(request,
				(variables instanceof Map<?, ?>) ? (Map<String, String>) variables : Map.of());
		if (key == null && requestKey.deniesWithout()) {
			Decision decision = this.registry.get().denyWithoutKey(policy);
			if (decision.refuses()) {
				throw new RateLimitExceededException(List.of(decision));
			}
		}
		return key;
	}

	private static @Nullable ServletRequestAttributes attributes() {
		return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes) ? attributes
				: null;
	}

	/**
	 * What filters have taken for a request.
	 */
	private record PaidByRequest(RequestCharges charges) implements PaidPermits {

		@Override
		public long use(String policy, String key, long permits) {
			return this.charges.use(policy, key, permits);
		}

		@Override
		public void unuse(String policy, String key, long permits) {
			this.charges.unuse(policy, key, permits);
		}

	}

	/**
	 * The threads of the server, not all of which may wait.
	 */
	private record BoundedRoom(Waiting waiting) implements WaitingRoom {

		@Override
		public boolean enter() {
			return this.waiting.enter();
		}

		@Override
		public void leave() {
			this.waiting.leave();
		}

	}

}
