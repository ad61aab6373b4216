package io.ratelimit.spring.store;

import java.util.function.Supplier;

import io.ratelimit.RateLimitStore;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.jspecify.annotations.Nullable;

/**
 * The in-process store that stands in for another one that cannot answer. No bean of the
 * store's own type, of which there is one.
 *
 * @param store the store; {@code null} where all permits are counted in process
 */
record LocalStore(@Nullable CaffeineRateLimitStore store) implements Supplier<@Nullable RateLimitStore>, AutoCloseable {

	@Override
	public @Nullable RateLimitStore get() {
		return this.store;
	}

	@Override
	public void close() {
		if (this.store != null) {
			this.store.close();
		}
	}

}
