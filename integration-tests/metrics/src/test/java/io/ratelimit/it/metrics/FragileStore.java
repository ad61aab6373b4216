package io.ratelimit.it.metrics;

import java.util.List;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.RateLimiter;
import io.ratelimit.caffeine.CaffeineRateLimitStore;

/**
 * Counts in this process, and does not answer for the policy {@code fragile}.
 */
final class FragileStore implements RateLimitStore {

	private final CaffeineRateLimitStore store;

	FragileStore(Ticker ticker) {
		this.store = CaffeineRateLimitStore.builder().ticker(ticker).build();
	}

	@Override
	public RateLimiter limiter(Policy policy) {
		RateLimiter limiter = this.store.limiter(policy);
		return policy.name().equals("fragile") ? new FragileLimiter(policy) : limiter;
	}

	@Override
	public List<Decision> tryAcquireAll(List<Claim> claims) {
		return this.store.tryAcquireAll(claims);
	}

	@Override
	public void close() {
		this.store.close();
	}

	private record FragileLimiter(Policy policy) implements RateLimiter {

		@Override
		public Decision tryAcquire(String key, long permits) {
			throw new RateLimitStoreException(Kind.TIMEOUT, "on purpose", null);
		}

		@Override
		public Decision peek(String key) {
			throw new RateLimitStoreException(Kind.TIMEOUT, "on purpose", null);
		}

		@Override
		public void reset(String key) {
			throw new RateLimitStoreException(Kind.TIMEOUT, "on purpose", null);
		}

		@Override
		public void giveBack(String key, long permits, long heldNanos) {
			throw new RateLimitStoreException(Kind.TIMEOUT, "on purpose", null);
		}

	}

}
