package io.ratelimit.spring.autoconfigure;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.method.CallContext;
import io.ratelimit.spring.request.RequestRules;
import io.ratelimit.spring.request.RequestRules.RequestKeyWhenMissing;
import io.ratelimit.spring.web.servlet.ChargedRequest;
import io.ratelimit.spring.web.servlet.CurrentRequest;
import io.ratelimit.spring.web.servlet.Waiting;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * The HTTP request that a call is made on behalf of.
 */
final class RequestCallContext implements CallContext, PolicyFollower {

	private static final Logger logger = LoggerFactory.getLogger(RequestCallContext.class);

	private static final String NO_REQUEST = "~call~";

	private final RequestRules rules;

	private volatile ConfiguredPolicies policies;

	private final Supplier<RateLimits> registry;

	private final CurrentRequest request;

	private final BooleanSupplier authenticates;

	private final WaitingRoom waiting;

	RequestCallContext(RequestRules rules, ConfiguredPolicies policies, Supplier<RateLimits> registry,
			CurrentRequest request, BooleanSupplier authenticates, Waiting waiting) {
		this.waiting = new BoundedRoom(waiting);
		this.rules = rules;
		this.policies = policies;
		this.registry = registry;
		this.request = request;
		this.authenticates = authenticates;
	}

	@Override
	public CallKey key(String policy, @Nullable String key) {
		LiveKey liveKey = new LiveKey(policy, key);
		if (liveKey.get().needsAuthentication() && !this.authenticates.getAsBoolean()) {
			throw new IllegalArgumentException(
					"the key '%s' needs a principal, and nothing here authenticates anybody: add Spring Security, or use another key"
						.formatted((key != null) ? key : this.policies.guard(policy).key()));
		}
		AtomicBoolean warned = new AtomicBoolean();
		return () -> {
			String known = resolve(policy, liveKey.get());
			if (known != null || this.request.isPresent()) {
				return known;
			}
			known = liveKey.get().resolveWithoutRequest();
			if (known == null && warned.compareAndSet(false, true)) {
				logger.warn("Policy '{}' takes its key from the request, and is used where there is none: such calls "
						+ "are all counted together. Give the annotation a key, such as #id or global", policy);
			}
			return (known != null) ? known : NO_REQUEST;
		};
	}

	@Override
	public Consumer<Function<String, Limiter>> prepare(PolicySet policies) {
		return (limiters) -> this.policies = policies.configured();
	}

	@Override
	public Policy policy(String name, List<Limit> limits) {
		return this.policies.inPlace(name, limits);
	}

	@Override
	public Surroundings surroundings() {
		ChargedRequest charged = this.request.charged();
		return (charged != null) ? new SurroundingRequest(charged) : Surroundings.NONE;
	}

	@Override
	public WaitingRoom waitingRoom() {
		return this.request.isPresent() ? this.waiting : WaitingRoom.UNBOUNDED;
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

	private @Nullable String resolve(String policy, RequestKeyWhenMissing requestKey) {
		String key = this.request.key(requestKey);
		if (key == null && requestKey.deniesWithout() && this.request.isPresent()) {
			Decision decision = this.registry.get().limiter(policy).denyWithoutKey();
			if (decision.refuses()) {
				throw new RateLimitExceededException(List.of(decision));
			}
		}
		return key;
	}

	/**
	 * The key of a policy as it stands now.
	 */
	private final class LiveKey {

		private final String policy;

		private final @Nullable String text;

		private volatile KnownKey known;

		private LiveKey(String policy, @Nullable String text) {
			this.policy = policy;
			this.text = text;
			this.known = read();
		}

		private RequestKeyWhenMissing get() {
			KnownKey known = this.known;
			if (!known.isOf(RequestCallContext.this.rules.generation(), RequestCallContext.this.policies)) {
				known = read();
				this.known = known;
			}
			return known.key();
		}

		private KnownKey read() {
			Object generation = RequestCallContext.this.rules.generation();
			ConfiguredPolicies policies = RequestCallContext.this.policies;
			return new KnownKey(generation, policies,
					RequestCallContext.this.rules.key(this.policy, this.text, policies.guard(this.policy)));
		}

	}

	/**
	 * A key, and what it was read from.
	 */
	private record KnownKey(Object generation, ConfiguredPolicies policies, RequestKeyWhenMissing key) {

		@SuppressWarnings("ReferenceEquality") // to compare what they hold would take
												// long
		private boolean isOf(Object generation, ConfiguredPolicies policies) {
			return this.generation == generation && this.policies == policies;
		}

	}

	/**
	 * A request that filters have taken permits for.
	 */
	private record SurroundingRequest(ChargedRequest request) implements Surroundings {

		@Override
		public long use(String policy, String key, long permits) {
			return this.request.charges().use(policy, key, permits);
		}

		@Override
		public void unuse(String policy, String key, long permits) {
			this.request.charges().unuse(policy, key, permits);
		}

		@Override
		public void decided(List<Decision> decisions) {
			this.request.decided(decisions);
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
