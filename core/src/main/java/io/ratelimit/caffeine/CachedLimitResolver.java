package io.ratelimit.caffeine;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.LimitResolver;
import io.ratelimit.Plan;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a minute what another resolver has told, of up to 100,000 keys. Threads
 * that ask for the same key at once wait for one answer. A failure is not remembered.
 * Safe for use by many threads.
 */
public final class CachedLimitResolver implements LimitResolver {

	private static final Duration REMEMBERED = Duration.ofMinutes(1);

	private static final int MAXIMUM_KEYS = 100_000;

	private final LimitResolver resolver;

	private final Cache<Question, Answer> answers;

	/**
	 * Makes a resolver that remembers.
	 * @param resolver whom to ask
	 * @param ticker the clock
	 */
	public CachedLimitResolver(LimitResolver resolver, Ticker ticker) {
		this.resolver = resolver;
		this.answers = Caffeine.newBuilder()
			.maximumSize(MAXIMUM_KEYS)
			.expireAfterWrite(REMEMBERED)
			.ticker(ticker)
			.build();
	}

	@Override
	public @Nullable Plan plan(String policy, String key) {
		return this.answers.get(new Question(policy, key), (question) -> new Answer(this.resolver.plan(policy, key)))
			.plan();
	}

	private record Question(String policy, String key) {
	}

	private record Answer(@Nullable Plan plan) {
	}

}
