package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-11: lists of strings with parameters
 * (RFC 9651).
 */
final class DraftHeaders implements RateLimitHeaders {

	private static final int LENGTH = 64;

	private final PerPolicy<String> texts = new PerPolicy<>(DraftHeaders::text);

	@Override
	public void write(LimitedResponse response, List<Decision> decisions) {
		List<Decision> binding = Quota.binding(decisions);
		String policies = policies(decisions, binding);
		if (!policies.isEmpty()) {
			response.setHeader("RateLimit-Policy", policies);
		}
		if (!binding.isEmpty()) {
			response.setHeader("RateLimit", state(binding));
		}
	}

	private String policies(List<Decision> decisions, List<Decision> binding) {
		String policies = "";
		for (int i = 0; i < decisions.size(); i++) {
			Decision decision = decisions.get(i);
			if (Quota.shown(decision)) {
				String text = this.texts.of(decision.policy());
				policies = policies.isEmpty() ? text : policies + ", " + text;
				if (policies.length() > ListField.LONGEST) {
					return bounded(decisions, binding);
				}
			}
		}
		return policies;
	}

	/**
	 * Returns as many limits as there is room for, those that bind before all others.
	 */
	private static String bounded(List<Decision> decisions, List<Decision> binding) {
		Set<String> items = new LinkedHashSet<>();
		for (Decision decision : longestWaitFirst(binding)) {
			items.add(item(decision.policy(), decision.limit()));
		}
		for (Decision decision : decisions) {
			if (Quota.shown(decision)) {
				decision.policy().limits().forEach((limit) -> items.add(item(decision.policy(), limit)));
			}
		}
		return ListField.of(items);
	}

	private static String state(List<Decision> binding) {
		if (binding.size() == 1) {
			return item(binding.get(0));
		}
		List<String> items = items(binding);
		return ListField.of(ListField.fits(items) ? items : items(longestWaitFirst(binding)));
	}

	private static List<String> items(List<Decision> decisions) {
		return decisions.stream().map(DraftHeaders::item).toList();
	}

	private static List<Decision> longestWaitFirst(List<Decision> decisions) {
		List<Decision> sorted = new ArrayList<>(decisions);
		sorted.sort(Comparator.comparingLong(Decision::retryAfterNanos).reversed());
		return sorted;
	}

	private static String item(Decision decision) {
		return name(decision.policy(), decision.limit()).append(";r=")
			.append(Quota.remaining(decision))
			.append(";t=")
			.append(Quota.seconds(decision))
			.toString();
	}

	private static String item(Policy policy, Limit limit) {
		return name(policy, limit).append(";q=")
			.append(Quota.quota(limit))
			.append(";w=")
			.append(Quota.window(limit))
			.toString();
	}

	private static StringBuilder name(Policy policy, Limit limit) {
		return new StringBuilder(LENGTH).append('"').append(policy.nameOf(limit)).append('"');
	}

	private static String text(Policy policy) {
		return String.join(", ", policy.limits().stream().map((limit) -> item(policy, limit)).toList());
	}

}
