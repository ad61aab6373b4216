package io.ratelimit.spring.autoconfigure;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.LimitResolver;
import io.ratelimit.Plan;
import io.ratelimit.caffeine.CachedLimitResolver;
import io.ratelimit.spring.request.KeyHash;
import org.jspecify.annotations.Nullable;

/**
 * The plans that an application's {@link LimitResolver} knows, remembered, if it has one.
 * No bean of that type itself, since that is the application's.
 */
record PlanLookUps(@Nullable CachedLimitResolver resolver) implements AutoCloseable {

	/**
	 * Returns a resolver that remembers what another one answers.
	 * @param keyHash the hash by which keys are counted, if any: an application knows its
	 * customers by the keys that they send
	 */
	static CachedLimitResolver cached(LimitResolver resolver, @Nullable KeyHash keyHash, Ticker ticker) {
		return new CachedLimitResolver((keyHash != null) ? new ByOriginalKey(resolver, keyHash) : resolver, ticker);
	}

	@Override
	public void close() {
		if (this.resolver != null) {
			this.resolver.close();
		}
	}

	private record ByOriginalKey(LimitResolver resolver, KeyHash keyHash) implements LimitResolver {

		@Override
		public @Nullable Plan plan(String policy, String key) {
			return this.resolver.plan(policy, this.keyHash.original(key));
		}

		@Override
		public void forget(String policy, String key) {
			this.resolver.forget(policy, this.keyHash.original(key));
		}

	}

}
