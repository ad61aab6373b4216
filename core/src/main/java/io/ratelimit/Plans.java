package io.ratelimit;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plans of keys, asked of a {@link LimitResolver} and remembered for a while: a
 * bounded number of them. Safe for use by many threads.
 */
final class Plans {

	private static final Logger logger = LoggerFactory.getLogger(RateLimiterRegistry.class);

	private static final Duration REMEMBERED = Duration.ofMinutes(1);

	private static final int MAXIMUM_KEYS = 100_000;

	private final LimitResolver resolver;

	private final BiFunction<Policy, Policy, RegisteredLimiter> registration;

	private final Map<String, RegisteredLimiter> limiters = new ConcurrentHashMap<>();

	private final Cache<Question, Answer> answers;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Makes plans.
	 * @param registration registers the policy of a plan beside the one that it belongs
	 * to, and throws {@link IllegalArgumentException} if it cannot be counted
	 */
	Plans(LimitResolver resolver, Ticker ticker, BiFunction<Policy, Policy, RegisteredLimiter> registration) {
		this.resolver = resolver;
		this.registration = registration;
		this.answers = Caffeine.newBuilder()
			.maximumSize(MAXIMUM_KEYS)
			.expireAfterWrite(REMEMBERED)
			.ticker(ticker)
			.build();
	}

	/**
	 * Returns the limiter of the plan that a key has.
	 * @return the limiter, or {@code null} if the policy's own limits apply
	 */
	@Nullable RegisteredLimiter limiter(Policy policy, String key) {
		Plan plan = this.answers.get(new Question(policy.name(), key), this::ask).plan();
		if (plan == null) {
			return null;
		}
		String name = policy.name() + "." + plan.name();
		RegisteredLimiter known = this.limiters.get(name);
		if (known != null && known.isOf(plan, policy)) {
			return known;
		}
		return bind(name, plan, policy);
	}

	private @Nullable RegisteredLimiter bind(String name, Plan plan, Policy policy) {
		try {
			Policy planned = new Policy(name, plan.limits(), policy.mode(), policy.failureMode());
			RegisteredLimiter limiter = this.registration.apply(planned, policy);
			this.limiters.put(name, limiter);
			return limiter;
		}
		catch (IllegalArgumentException ex) {
			warn(policy.name(), ex);
			return null;
		}
	}

	private Answer ask(Question question) {
		try {
			return new Answer(this.resolver.plan(question.policy(), question.key()));
		}
		catch (RuntimeException ex) {
			warn(question.policy(), ex);
			return new Answer(null);
		}
	}

	private void warn(String policy, RuntimeException failure) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("No plan could be told for a key of policy '{}', whose own limits apply; further failures "
					+ "are not logged", policy, failure);
		}
	}

	private record Question(String policy, String key) {
	}

	private record Answer(@Nullable Plan plan) {
	}

}
