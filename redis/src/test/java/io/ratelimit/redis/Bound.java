package io.ratelimit.redis;

import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;

/**
 * The policies that tests have bound in each store, by their names.
 */
public final class Bound {

	private static final Map<RateLimitStore, Map<String, BoundPolicy>> policies = new WeakHashMap<>();

	private Bound() {
	}

	/**
	 * Binds a policy, or replaces the one of the same name.
	 */
	public static BoundPolicy in(RateLimitStore store, Policy policy) {
		return of(store).compute(policy.name(), (name, known) -> {
			if (known == null) {
				return store.bind(policy);
			}
			known.replace(policy);
			return known;
		});
	}

	/**
	 * Returns a claim on the policy of a name, which is bound if there is none.
	 */
	public static BoundClaim claim(RateLimitStore store, Policy policy, String key, long permits) {
		return BoundClaim.of(of(store).computeIfAbsent(policy.name(), (name) -> store.bind(policy)), key, permits);
	}

	private static synchronized Map<String, BoundPolicy> of(RateLimitStore store) {
		return policies.computeIfAbsent(store, (same) -> new ConcurrentHashMap<>());
	}

}
