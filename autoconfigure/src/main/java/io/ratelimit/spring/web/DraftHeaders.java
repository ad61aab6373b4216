package io.ratelimit.spring.web;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-11: lists of strings with parameters
 * (RFC 9651).
 */
final class DraftHeaders implements RateLimitHeaders {

	private static final int LENGTH = 64;

	private final Map<String, Text> texts = new ConcurrentHashMap<>();

	@Override
	public void write(HttpServletResponse response, List<Decision> decisions) {
		String policies = policies(decisions);
		if (policies.isEmpty()) {
			return;
		}
		response.setHeader("RateLimit-Policy", policies);
		StringBuilder state = new StringBuilder(LENGTH);
		for (Decision decision : Quota.binding(decisions)) {
			item(state, decision.policy().nameOf(decision.limit())).append(";r=").append(decision.remaining());
			long seconds = Quota.seconds(decision);
			if (seconds >= 0) {
				state.append(";t=").append(seconds);
			}
		}
		response.setHeader("RateLimit", state.toString());
	}

	private String policies(List<Decision> decisions) {
		String policies = "";
		for (int i = 0; i < decisions.size(); i++) {
			Decision decision = decisions.get(i);
			if (Quota.shown(decision)) {
				String text = text(decision.policy());
				policies = policies.isEmpty() ? text : policies + ", " + text;
			}
		}
		return policies;
	}

	/**
	 * Returns the text of a policy, which is worked out once while it stands.
	 */
	private String text(Policy policy) {
		Text text = this.texts.get(policy.name());
		if (text == null || !text.isOf(policy)) {
			text = Text.of(policy);
			this.texts.put(policy.name(), text);
		}
		return text.text();
	}

	private static StringBuilder item(StringBuilder list, String name) {
		if (!list.isEmpty()) {
			list.append(", ");
		}
		return list.append('"').append(name).append('"');
	}

	private record Text(Policy policy, String text) {

		static Text of(Policy policy) {
			StringBuilder text = new StringBuilder(LENGTH);
			for (Limit limit : policy.limits()) {
				item(text, policy.nameOf(limit)).append(";q=")
					.append(limit.permits())
					.append(";w=")
					.append(Quota.window(limit));
			}
			return new Text(policy, text.toString());
		}

		@SuppressWarnings("ReferenceEquality") // an equal one is rare, and merely written
												// anew
		boolean isOf(Policy policy) {
			return this.policy == policy;
		}

	}

}
