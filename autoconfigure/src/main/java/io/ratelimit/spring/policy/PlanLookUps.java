package io.ratelimit.spring.policy;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.LimitResolver;
import io.ratelimit.Plan;
import io.ratelimit.caffeine.CachedLimitResolver;
import org.jspecify.annotations.Nullable;

/**
 * The plans that an application's {@link LimitResolver} knows, remembered, if it has one.
 * No bean of that type itself, since that is the application's.
 */
record PlanLookUps(
		@Nullable CachedLimitResolver resolver) implements Supplier<@Nullable CachedLimitResolver>, AutoCloseable {

	/**
	 * Returns look-ups that are remembered.
	 * @param original returns a key as the request had it, for a key as it is counted: an
	 * application knows its customers by the keys that they send
	 */
	static PlanLookUps of(LimitResolver resolver, UnaryOperator<String> original, Ticker ticker) {
		return new PlanLookUps(new CachedLimitResolver(new ByOriginalKey(resolver, original), ticker));
	}

	@Override
	public @Nullable CachedLimitResolver get() {
		return this.resolver;
	}

	@Override
	public void close() {
		if (this.resolver != null) {
			this.resolver.close();
		}
	}

	private record ByOriginalKey(LimitResolver resolver, UnaryOperator<String> original) implements LimitResolver {

		@Override
		public @Nullable Plan plan(String policy, String key) {
			return this.resolver.plan(policy, this.original.apply(key));
		}

		@Override
		public void forget(String policy, String key) {
			this.resolver.forget(policy, this.original.apply(key));
		}

		@Override
		public void forgetAll(String policy) {
			this.resolver.forgetAll(policy);
		}

	}

}
