package io.ratelimit.it.metrics;

import java.util.List;
import java.util.concurrent.CompletionStage;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
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
	public BoundPolicy bind(Policy policy) {
		return policy.name().equals("fragile") ? new FragilePolicy(policy) : this.store.bind(policy);
	}

	@Override
	public List<Decision> tryAcquireAll(List<BoundClaim> claims) {
		return this.store.tryAcquireAll(claims);
	}

	@Override
	public void close() {
		this.store.close();
	}

	private record FragilePolicy(Policy policy) implements BoundPolicy {

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
		public void resetAll() {
			throw new RateLimitStoreException(Kind.TIMEOUT, "on purpose", null);
		}

		@Override
		public CompletionStage<?> giveBack(String key, long permits, Decision granted) {
			throw new RateLimitStoreException(Kind.TIMEOUT, "on purpose", null);
		}

		@Override
		public void replace(Policy policy) {
			throw new UnsupportedOperationException();
		}

	}

}
