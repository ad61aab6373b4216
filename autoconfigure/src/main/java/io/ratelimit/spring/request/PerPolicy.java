package io.ratelimit.spring.request;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.ratelimit.Policy;

/**
 * A value that follows from a policy, computed once while the policy stands.
 *
 * @param <T> the type of the value
 */
final class PerPolicy<T> {

	private static final int MOST = 1000;

	private final Map<String, Entry<T>> entries = new ConcurrentHashMap<>();

	private final Function<Policy, T> function;

	PerPolicy(Function<Policy, T> function) {
		this.function = function;
	}

	T of(Policy policy) {
		Entry<T> entry = this.entries.get(policy.name());
		if (entry == null || !entry.isOf(policy)) {
			entry = new Entry<>(policy, this.function.apply(policy));
			if (this.entries.size() >= MOST) {
				this.entries.clear(); // policies that are gone may be among them
			}
			this.entries.put(policy.name(), entry);
		}
		return entry.value();
	}

	private record Entry<T>(Policy policy, T value) {

		@SuppressWarnings("ReferenceEquality") // an equal one is rare, and merely
												// computed
												// anew
		boolean isOf(Policy policy) {
			return this.policy == policy;
		}

	}

}
