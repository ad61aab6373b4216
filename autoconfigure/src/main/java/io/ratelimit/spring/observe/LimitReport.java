package io.ratelimit.spring.observe;

import io.ratelimit.Limit;
import io.ratelimit.Policy;

/**
 * A limit, as the endpoint tells it.
 *
 * @param name its name in header fields
 * @param limit all of it in one line, as it can be written to the endpoint
 * @param permits permits per window
 * @param window the window
 * @param algorithm how permits are counted
 */
record LimitReport(String name, String limit, long permits, String window, String algorithm) {

	static LimitReport of(Policy policy, Limit limit) {
		return new LimitReport(policy.nameOf(limit), limit.toString(), limit.permits(), limit.windowText(),
				limit.algorithm());
	}

}
