package io.ratelimit.spring.observe;

import java.util.List;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What other limits of a policy would have refused lately, as the endpoint tells it.
 *
 * @param policy the policy
 * @param limits the limits that were tried, in one line each
 * @param seconds length of the time that is looked at
 * @param share share of the keys that are looked at
 * @param tried what those limits would have decided
 * @param current what the limits would have decided that are in force
 */
record PreviewReport(String policy, List<String> limits, double seconds, double share, LimitTrial tried,
		LimitTrial current) implements OperationResponseBody {

}
