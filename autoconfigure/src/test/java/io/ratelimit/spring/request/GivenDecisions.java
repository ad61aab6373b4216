package io.ratelimit.spring.request;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.caffeine.CaffeineRateLimitStore;

/**
 * Decisions of a store whose clock is turned by hand.
 */
final class GivenDecisions {

	private final AtomicLong nanos = new AtomicLong(1_000_000_007L);

	private final CaffeineRateLimitStore store = CaffeineRateLimitStore.builder().ticker(this.nanos::get).build();

	private final Map<String, BoundPolicy> bound = new HashMap<>();

	/**
	 * Lets time go by.
	 */
	void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	/**
	 * Returns a claim on a policy, which is bound if there is none of its name.
	 */
	BoundClaim claim(Policy policy, String key, long permits) {
		return BoundClaim.of(this.bound.computeIfAbsent(policy.name(), (name) -> this.store.bind(policy)), key,
				permits);
	}

	List<Decision> take(BoundClaim... claims) {
		return this.store.tryAcquireAll(List.of(claims));
	}

}
