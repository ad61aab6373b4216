package io.ratelimit.spring.request;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

import io.ratelimit.Decision;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key of calls that are made on behalf of requests, as the rules say now.
 */
final class CallKey implements BiFunction<@Nullable LimitedRequest, Map<String, String>, @Nullable String> {

	private static final Logger logger = LoggerFactory.getLogger(CallKey.class);

	private static final String NO_REQUEST = "~call~";

	private final String policy;

	private final @Nullable String text;

	private final RequestRules rules;

	private final RateLimits limits;

	private final AtomicBoolean warned = new AtomicBoolean();

	private volatile Known known;

	/**
	 * Reads a key.
	 * @param text the key; {@code null} for that of the policy
	 * @throws IllegalArgumentException if it cannot be read
	 */
	CallKey(String policy, @Nullable String text, RequestRules rules, RateLimits limits) {
		this.policy = policy;
		this.text = text;
		this.rules = rules;
		this.limits = limits;
		this.known = read();
	}

	/**
	 * Returns whether there is such a key only where users are authenticated.
	 */
	boolean needsAuthentication() {
		return current().key().needsAuthentication();
	}

	@Override
	public @Nullable String apply(@Nullable LimitedRequest request, Map<String, String> variables) {
		RequestKeyWhenMissing current = current();
		if (request == null) {
			return withoutRequest(current);
		}
		String key = current.key().resolve(request, variables);
		if (key == null && current.deniesWithout()) {
			Decision decision = this.limits.limiter(this.policy).denyWithoutKey();
			if (decision.refuses()) {
				throw new RateLimitExceededException(List.of(decision));
			}
		}
		return key;
	}

	private String withoutRequest(RequestKeyWhenMissing current) {
		String key = current.key().resolve(NoRequest.INSTANCE, Map.of());
		if (key == null && this.warned.compareAndSet(false, true)) {
			logger.warn(
					"Policy '{}' takes its key from the request, and is used where there is none: such calls "
							+ "are all counted together. Give the annotation a key, such as #id or global",
					this.policy);
		}
		return (key != null) ? key : NO_REQUEST;
	}

	private RequestKeyWhenMissing current() {
		Known known = this.known;
		if (!known.isOf(this.rules.compiled())) {
			known = read();
			this.known = known;
		}
		return known.key();
	}

	private Known read() {
		CompiledRules compiled = this.rules.compiled();
		return new Known(compiled, compiled.key(this.policy, this.text, this.rules.reader()));
	}

	/**
	 * A key, and the rules that it was read from.
	 */
	private record Known(CompiledRules rules, RequestKeyWhenMissing key) {

		@SuppressWarnings("ReferenceEquality") // there is one object for each change
		private boolean isOf(CompiledRules rules) {
			return this.rules == rules;
		}

	}

}
