package io.ratelimit.spring.policy;

import java.util.List;
import java.util.stream.Collectors;

import io.ratelimit.Limit;
import io.ratelimit.Policy;

/**
 * Room for the cost of what a policy is used for: what takes more permits than the limits
 * allow at once would be refused for good.
 */
final class Room {

	private Room() {
	}

	/**
	 * Requires room.
	 * @param permits most permits that one request or call is known to take
	 * @param calls the methods that the policy limits
	 * @throws IllegalArgumentException if there is too little
	 */
	static void require(Policy policy, long permits, List<String> calls) {
		if (permits > policy.capacity()) {
			throw new IllegalArgumentException("%s can never be enough: policy '%s' is used for what takes %s permits%s"
				.formatted(policy.limits().stream().map(Limit::toString).collect(Collectors.joining(", ")),
						policy.name(), permits, calls.isEmpty() ? "" : ", and limits calls of " + calls));
		}
	}

}
