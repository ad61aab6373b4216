package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import org.jspecify.annotations.Nullable;

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-06.
 */
final class Draft06Headers implements RateLimitHeaders {

	@Override
	public void write(LimitedResponse response, List<Decision> decisions) {
		Decision closest = Quota.lowest(decisions);
		if (closest != null) {
			response.setHeader("RateLimit-Limit", Long.toString(Quota.quota(closest.limit())));
			response.setHeader("RateLimit-Remaining", Long.toString(Quota.remaining(closest)));
			response.setHeader("RateLimit-Reset", Long.toString(Quota.seconds(closest)));
		}
		String policies = policies(decisions, closest);
		if (!policies.isEmpty()) {
			response.setHeader("RateLimit-Policy", policies);
		}
	}

	/**
	 * Returns the limits, of several with the same quota the one with the longest window:
	 * the draft forbids to list a quota twice.
	 */
	private static String policies(List<Decision> decisions, @Nullable Decision closest) {
		Map<Long, Long> windows = new LinkedHashMap<>();
		for (Decision decision : decisions) {
			if (Quota.shown(decision)) {
				for (Limit limit : decision.policy().limits()) {
					windows.merge(Quota.quota(limit), Quota.window(limit), Math::max);
				}
			}
		}
		List<String> items = new ArrayList<>(windows.size());
		windows.forEach((quota, window) -> items.add(item(quota, window)));
		if (closest != null && !ListField.fits(items)) {
			long quota = Quota.quota(closest.limit());
			String first = item(quota, windows.getOrDefault(quota, Quota.window(closest.limit())));
			items.remove(first);
			items.add(0, first);
		}
		return ListField.of(items);
	}

	private static String item(long quota, long window) {
		return quota + ";w=" + window;
	}

}
