package io.ratelimit.spring.observe;

import java.util.List;

import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.LivePolicies;
import org.jspecify.annotations.Nullable;

/**
 * What a policy is used for.
 *
 * @param paths path patterns of the requests that it guards
 * @param except path patterns that are exempt
 * @param methods HTTP methods of these requests; none means all
 * @param key who is being counted, as written in configuration; {@code null} if that is
 * not written there
 * @param cost permits a request, as written in configuration
 * @param calls annotated methods that are limited by it
 */
record PolicyUse(List<String> paths, List<String> except, List<String> methods, @Nullable String key,
		@Nullable String cost, List<String> calls) {

	PolicyUse {
		paths = List.copyOf(paths);
		except = List.copyOf(except);
		methods = List.copyOf(methods);
		calls = List.copyOf(calls);
	}

	static PolicyUse of(String policy, LivePolicies policies) {
		List<String> calls = policies.calls(policy);
		Guard guard = policies.findGuard(policy);
		return (guard == null) ? new PolicyUse(List.of(), List.of(), List.of(), null, null, calls)
				: new PolicyUse(guard.paths(), guard.except(), guard.methods(), guard.key(), guard.cost(), calls);
	}

}
