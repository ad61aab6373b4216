package io.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.caffeine.CaffeineRateLimitStore;

/**
 * Fails at everything, until it is mended.
 */
final class BrokenStore implements RateLimitStore {

	private final RateLimitStore store;

	private volatile boolean broken = true;

	private volatile Kind kind = Kind.OTHER;

	BrokenStore() {
		this(() -> 42);
	}

	BrokenStore(Ticker ticker) {
		this.store = CaffeineRateLimitStore.builder().ticker(ticker).build();
	}

	void fail(Kind kind) {
		this.kind = kind;
	}

	void mend() {
		this.broken = false;
	}

	void breakAgain() {
		this.broken = true;
	}

	@Override
	public BoundPolicy bind(Policy policy) {
		return new BrokenPolicy(this.store.bind(policy));
	}

	@Override
	public List<Decision> tryAcquireAll(List<BoundClaim> claims) {
		check();
		return this.store.tryAcquireAll(claims.stream()
			.map((claim) -> BoundClaim.of(((BrokenPolicy) claim.policy()).limiter, claim.key(), claim.permits()))
			.toList());
	}

	@Override
	public boolean ping(Duration patience) {
		check();
		return true;
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

	private final class BrokenPolicy implements BoundPolicy {

		private final BoundPolicy limiter;

		private BrokenPolicy(BoundPolicy limiter) {
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
		public void resetAll() {
			check();
			this.limiter.resetAll();
		}

		@Override
		public CompletionStage<?> giveBack(String key, long permits, Decision granted) {
			check();
			return this.limiter.giveBack(key, permits, granted);
		}

		@Override
		public void replace(Policy policy) {
			this.limiter.replace(policy);
		}

	}

}
