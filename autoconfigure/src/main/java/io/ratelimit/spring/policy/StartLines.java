package io.ratelimit.spring.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.spring.policy.Guard.MissingKey;

/**
 * What the log says of policies at the start: a line for each of the first of them, with
 * its limits, and which requests and calls it limits by which key.
 */
final class StartLines {

	private static final int MOST_POLICIES = 20;

	private static final int MOST_PATHS = 5;

	private final LivePolicies live;

	StartLines(LivePolicies live) {
		this.live = live;
	}

	/**
	 * Returns the lines of policies.
	 * @param first names of those that come first
	 */
	List<String> of(Collection<Policy> policies, Set<String> first) {
		List<String> lines = new ArrayList<>(policies.stream()
			.sorted(Comparator.comparing((Policy policy) -> !first.contains(policy.name())))
			.limit(MOST_POLICIES)
			.map(this::line)
			.toList());
		if (policies.size() > MOST_POLICIES) {
			lines.add("%s policies more, which the endpoint ratelimits has".formatted(policies.size() - MOST_POLICIES));
		}
		return lines;
	}

	/**
	 * Returns the name, the limits and the mode of a policy.
	 */
	static String limitsOf(Policy policy) {
		return "%s %s%s".formatted(policy.name(),
				policy.limits().stream().map(Limit::toString).collect(Collectors.joining(", ")),
				(policy.mode() == Mode.ENFORCE) ? "" : " (" + policy.mode().name().toLowerCase(Locale.ROOT) + ")");
	}

	private String line(Policy policy) {
		List<String> limited = new ArrayList<>();
		Guard guard = this.live.findGuard(policy.name());
		if (guard != null && !guard.paths().isEmpty()) {
			limited.add(requests(guard));
		}
		Map<String, String> calls = this.live.callKeys(policy.name());
		if (!calls.isEmpty()) {
			String own = (guard != null) ? guard.key() : this.live.guard(policy.name()).key();
			limited.add("calls of " + listed(calls.entrySet()
				.stream()
				.map((call) -> call.getKey() + ", key " + plain(call.getValue().isEmpty() ? own : call.getValue()))
				.toList(), " and "));
		}
		return limitsOf(policy) + (limited.isEmpty() ? "" : ": " + String.join("; ", limited));
	}

	private static String requests(Guard guard) {
		StringBuilder text = new StringBuilder();
		if (!guard.methods().isEmpty()) {
			text.append(String.join(", ", guard.methods())).append(' ');
		}
		text.append("requests to ").append(listed(guard.paths(), ", "));
		if (!guard.except().isEmpty()) {
			text.append(" except ").append(listed(guard.except(), ", "));
		}
		text.append(", key ").append(plain(guard.key()));
		if (guard.missingKey() != MissingKey.IP) {
			text.append(", missing-key ").append(guard.missingKey().name().toLowerCase(Locale.ROOT));
		}
		if (!guard.cost().equals("1")) {
			text.append(", cost ").append(plain(guard.cost()));
		}
		return text.toString();
	}

	private static String listed(List<String> texts, String separator) {
		String first = texts.stream().limit(MOST_PATHS).collect(Collectors.joining(separator));
		return (texts.size() <= MOST_PATHS) ? first : "%s and %s more".formatted(first, texts.size() - MOST_PATHS);
	}

	/**
	 * Returns an expression on one line.
	 */
	private static String plain(String text) {
		return text.strip().replaceAll("\\s+", " ");
	}

}
