package io.ratelimit.caffeine;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

import io.ratelimit.Limit;
import io.ratelimit.Policy;

/**
 * The policies that a store has bound. One that is bound twice, with the same name and
 * limits, is the same object, so that its keys are counted once. Safe for use by many
 * threads.
 */
final class BoundPolicies {

	private final Set<CaffeinePolicy> all = ConcurrentHashMap.newKeySet();

	/** Guarded by this. */
	private final Map<Identity, CaffeinePolicy> shared = new HashMap<>();

	/** How often each is bound; guarded by this. */
	private final Map<CaffeinePolicy, Integer> bindings = new HashMap<>();

	/** Guarded by this. */
	private int ordinal;

	/**
	 * Binds a policy.
	 * @param maker creates it, given its place in the order in which cells are locked
	 */
	synchronized CaffeinePolicy bind(Policy policy, IntFunction<CaffeinePolicy> maker) {
		CaffeinePolicy bound = this.shared.computeIfAbsent(Identity.of(policy),
				(absent) -> maker.apply(this.ordinal++));
		this.bindings.merge(bound, 1, Integer::sum);
		this.all.add(bound);
		return bound;
	}

	/**
	 * Notes that a policy was replaced.
	 */
	synchronized void replaced(CaffeinePolicy bound, Policy former, Policy policy) {
		if (this.bindings.containsKey(bound)) {
			this.shared.remove(Identity.of(former), bound);
			this.shared.putIfAbsent(Identity.of(policy), bound);
		}
	}

	/**
	 * Ends a binding, and forgets the policy with the last.
	 */
	synchronized void close(CaffeinePolicy bound) {
		Integer left = this.bindings.computeIfPresent(bound, (same, count) -> (count > 1) ? count - 1 : null);
		if (left == null) {
			this.shared.remove(Identity.of(bound.policy()), bound);
			this.all.remove(bound);
		}
	}

	synchronized void clear() {
		this.shared.clear();
		this.bindings.clear();
		this.all.clear();
	}

	Collection<CaffeinePolicy> all() {
		return this.all;
	}

	private record Identity(String name, List<Limit> limits) {

		static Identity of(Policy policy) {
			return new Identity(policy.name(), policy.limits());
		}

	}

}
