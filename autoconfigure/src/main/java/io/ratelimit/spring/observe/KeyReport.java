package io.ratelimit.spring.observe;

import io.ratelimit.Decision;
import io.ratelimit.Mode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What a claim of one permit would be answered, as the endpoint tells it.
 *
 * @param policy the policy
 * @param id name that stands for the key, where it may be shown
 * @param key the key, where it may be shown
 * @param counted whether it is counted
 * @param where where it is counted: by the store, or in this instance
 * @param reason why it is not counted
 * @param allowed whether the claim would be allowed
 * @param limit the limit that binds
 * @param remaining permits left of it
 * @param resetAfterSeconds time until that limit has more permits left
 * @param retryAfterSeconds time until the claim would be allowed
 */
record KeyReport(String policy, @Nullable String id, @Nullable String key, boolean counted, @Nullable String where,
		@Nullable String reason, boolean allowed, @Nullable String limit, @Nullable Long remaining,
		@Nullable Double resetAfterSeconds, @Nullable Double retryAfterSeconds) implements OperationResponseBody {

	private static final double NANOS = 1e9;

	static KeyReport of(Decision decision, StoreReport store, @Nullable String id, @Nullable String key) {
		String policy = decision.policy().name();
		if (!decision.counted()) {
			String reason = store.reason(decision.policy().mode() == Mode.OFF);
			return new KeyReport(policy, id, key, false, null, reason, decision.allowed(), null, null, null, null);
		}
		return new KeyReport(policy, id, key, true, decision.local() ? StoreReport.HERE : store.where(), null,
				decision.allowed(), decision.limit().toString(), decision.remaining(),
				decision.resetAfterNanos() / NANOS, decision.allowed() ? null : decision.retryAfterNanos() / NANOS);
	}

}
