package io.ratelimit.spring.observe;

import io.ratelimit.Decision;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What a claim of one permit would be answered, as the endpoint tells it.
 *
 * @param policy the policy
 * @param id name that stands for the key, where it may be shown
 * @param key the key, where it may be shown
 * @param counted whether the store could answer, and the policy is not off
 * @param allowed whether the claim would be allowed
 * @param limit the limit that binds
 * @param remaining permits left of it
 * @param resetAfterSeconds time until that limit has more permits left
 * @param retryAfterSeconds time until the claim would be allowed
 */
record KeyReport(String policy, @Nullable String id, @Nullable String key, boolean counted, boolean allowed,
		@Nullable String limit, @Nullable Long remaining, @Nullable Double resetAfterSeconds,
		@Nullable Double retryAfterSeconds) implements OperationResponseBody {

	private static final double NANOS = 1e9;

	static KeyReport of(Decision decision, @Nullable String id, @Nullable String key) {
		String policy = decision.policy().name();
		if (!decision.counted()) {
			return new KeyReport(policy, id, key, false, decision.allowed(), null, null, null, null);
		}
		return new KeyReport(policy, id, key, true, decision.allowed(), decision.limit().toString(),
				decision.remaining(), decision.resetAfterNanos() / NANOS,
				decision.allowed() ? null : decision.retryAfterNanos() / NANOS);
	}

}
