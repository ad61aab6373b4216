package io.ratelimit.spring.policy;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.ratelimit.Policy;

/**
 * All that policies are used by. The beans are looked up at the first use, since some of
 * them use the policies when they are made.
 */
final class PolicyUsers {

	private final Supplier<Stream<PolicyUser>> users;

	PolicyUsers(Supplier<Stream<PolicyUser>> users) {
		this.users = users;
	}

	/**
	 * Prepares all of them for policies.
	 * @return run once the policies are in force
	 * @throws InvalidRateLimitException if one of them cannot use the policies
	 */
	Runnable prepare(PolicySet policies) {
		List<Runnable> prepared = this.users.get()
			.map((user) -> user.prepare(policies.policies(), policies::guard))
			.toList();
		return () -> prepared.forEach(Runnable::run);
	}

	/**
	 * Returns the methods that a policy limits.
	 */
	List<String> calls(String policy) {
		return this.users.get().flatMap((user) -> user.calls(policy).stream()).toList();
	}

	/**
	 * Returns the keys that the calls a policy limits are counted by, by method.
	 */
	Map<String, String> callKeys(String policy) {
		Map<String, String> keys = new TreeMap<>();
		this.users.get().forEach((user) -> keys.putAll(user.callKeys(policy)));
		return keys;
	}

	/**
	 * Returns the policies that limit calls of a method.
	 */
	List<String> limiting(Method method, Class<?> type) {
		return this.users.get().flatMap((user) -> user.limiting(method, type).stream()).distinct().toList();
	}

	/**
	 * Requires limits that leave room for a single call of each method.
	 * @param cost permits that a request is known to take; zero if none is guarded
	 * @throws IllegalArgumentException if they do not
	 */
	void requireRoom(Policy policy, long cost) {
		long permits = this.users.get().mapToLong((user) -> user.permits(policy.name())).max().orElse(0);
		Room.require(policy, Math.max(permits, cost), calls(policy.name()));
	}

}
