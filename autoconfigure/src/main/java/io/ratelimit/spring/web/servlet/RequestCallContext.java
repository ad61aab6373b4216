package io.ratelimit.spring.web.servlet;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import io.ratelimit.Decision;
import io.ratelimit.spring.call.CallContext;
import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.RequestRules;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * The HTTP request that a call is made on behalf of.
 */
final class RequestCallContext implements CallContext {

	private final RequestRules rules;

	private final CurrentRequest request;

	private final Waiting waiting;

	RequestCallContext(RequestRules rules, CurrentRequest request, Waiting waiting) {
		this.rules = rules;
		this.request = request;
		this.waiting = waiting;
	}

	@Override
	public Supplier<@Nullable String> key(String policy, @Nullable String key) {
		BiFunction<@Nullable LimitedRequest, Map<String, String>, @Nullable String> callKey = this.rules.callKey(policy,
				key);
		return () -> this.request.key(callKey);
	}

	@Override
	public Surroundings surroundings() {
		ChargedRequest charged = this.request.charged();
		return (charged != null) ? new SurroundingRequest(charged) : Surroundings.NONE;
	}

	/**
	 * Not all threads of the server may wait.
	 */
	@Override
	public @Nullable Runnable beginWait() {
		if (!this.request.isPresent()) {
			return CallContext.super.beginWait();
		}
		return this.waiting.enter() ? this.waiting::leave : null;
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

}
