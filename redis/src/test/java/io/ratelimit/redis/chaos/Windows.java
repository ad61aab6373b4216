package io.ratelimit.redis.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.ratelimit.Policy;
import io.ratelimit.redis.chaos.Incident.Span;

/**
 * Whether any window holds more than its limit. A grant was made at some moment of its
 * call, so it is certain to be in a window only with its whole call; and a window that
 * meets a loss says nothing.
 */
final class Windows {

	/** How far two clocks run apart within a window. */
	private static final long DRIFT = TimeUnit.MILLISECONDS.toNanos(1);

	private Windows() {
	}

	/**
	 * Returns the windows with too many grants, one for each key and policy at most.
	 */
	static List<String> violations(List<Call> calls, List<Span> losses) {
		Map<String, List<Call>> grants = new TreeMap<>();
		Map<String, Policy> policies = new TreeMap<>();
		for (Call call : calls) {
			if (call.isGranted()) {
				for (NamedClaim claim : call.claims()) {
					String name = claim.policy().name() + " of " + claim.key();
					grants.computeIfAbsent(name, (unknown) -> new ArrayList<>()).add(call);
					policies.put(name, claim.policy());
				}
			}
		}
		List<String> violations = new ArrayList<>();
		grants.forEach((name, granted) -> {
			Policy policy = policies.get(name);
			long most = most(granted, policy.limits().get(0).window().toNanos() - DRIFT, losses);
			long allowed = allowed(policy);
			if (most > allowed) {
				violations.add("%s: %s in a window that holds %s".formatted(name, most, allowed));
			}
		});
		return violations;
	}

	private static long allowed(Policy policy) {
		long permits = policy.limits().get(0).permits();
		return policy.equals(Traffic.Policies.BUCKET) ? permits + policy.capacity() : permits;
	}

	private static long most(List<Call> granted, long window, List<Span> losses) {
		granted.sort(Comparator.comparingLong(Call::begin));
		long most = 0;
		for (int i = 0; i < granted.size(); i++) {
			long from = granted.get(i).begin();
			long to = end(from, window, losses);
			long count = 0;
			for (int j = i; j < granted.size() && granted.get(j).begin() - to < 0; j++) {
				count += (granted.get(j).end() - to <= 0) ? 1 : 0;
			}
			most = Math.max(most, count);
		}
		return most;
	}

	/**
	 * Returns the end of a window, or of as much of it as was before a loss.
	 */
	private static long end(long from, long window, List<Span> losses) {
		long to = from + window;
		for (Span loss : losses) {
			if (from - loss.to() < 0) {
				to = Math.min(to, Math.max(from, loss.from()));
			}
		}
		return to;
	}

}
