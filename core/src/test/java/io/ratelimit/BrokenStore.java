package io.ratelimit;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.caffeine.CaffeineRateLimitStore;

/**
 * Fails at everything, until it is mended.
 */
final class BrokenStore implements RateLimitStore {

	private final RateLimitStore store = CaffeineRateLimitStore.builder().ticker(() -> 42).build();

	private volatile boolean broken = true;

	private volatile Kind kind = Kind.OTHER;

	void fail(Kind kind) {
		this.kind = kind;
	}

	void mend() {
		this.broken = false;
	}

	@Override
	public RateLimiter limiter(Policy policy) {
		return new BrokenLimiter(this.store.limiter(policy));
	}

	@Override
	public List<Decision> tryAcquireAll(List<Claim> claims) {
		check();
		return this.store.tryAcquireAll(claims);
	}

	@Override
	public void close() {
		this.store.close();
	}

	private void check() {
		if (this.broken) {
			throw new RateLimitStoreException(this.kind, "on purpose", null);
		}
	}

	private final class BrokenLimiter implements RateLimiter {

		private final RateLimiter limiter;

		private BrokenLimiter(RateLimiter limiter) {
			this.limiter = limiter;
		}

		@Override
		public Policy policy() {
			return this.limiter.policy();
		}

		@Override
		public Decision tryAcquire(String key, long permits) {
			check();
			return this.limiter.tryAcquire(key, permits);
		}

		@Override
		public CompletionStage<Decision> tryAcquireAsync(String key, long permits) {
			return CompletableFuture.supplyAsync(() -> tryAcquire(key, permits));
		}

		@Override
		public Decision peek(String key) {
			check();
			return this.limiter.peek(key);
		}

		@Override
		public void reset(String key) {
			check();
			this.limiter.reset(key);
		}

		@Override
		public void giveBack(String key, long permits, long heldNanos) {
			check();
			this.limiter.giveBack(key, permits, heldNanos);
		}

	}

}
