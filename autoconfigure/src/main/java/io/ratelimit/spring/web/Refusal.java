package io.ratelimit.spring.web;

import java.util.List;

import io.ratelimit.Decision;

/**
 * A request that is refused.
 *
 * @param status status of the response, already set
 * @param type URI of the problem's type
 * @param title short text of the status
 * @param detail sentence for a human; never contains a key
 * @param violatedPolicies names of the limits that refused, as in the header fields
 * @param decisions every decision on the request
 */
public record Refusal(int status, String type, String title, String detail, List<String> violatedPolicies,
		List<Decision> decisions) {

	public Refusal {
		violatedPolicies = List.copyOf(violatedPolicies);
		decisions = List.copyOf(decisions);
	}

}
