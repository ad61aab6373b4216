package io.ratelimit.redis;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ratelimit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one policy that the server has refused, each until any of its limits has
 * more left: whoever knocks on meanwhile costs no call. Not for longer than a second, so
 * that what happens to the key elsewhere is seen by then. A bounded number of keys; safe
 * for use by many threads.
 */
final class Refusals {

	private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

	private static final int MAXIMUM_KEYS = 10_000;

	private final Cache<String, Refusal> refusals = Caffeine.newBuilder().maximumSize(MAXIMUM_KEYS).build();

	private final LongSupplier nanoTime;

	Refusals(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Remembers a refusal.
	 * @param asked when, by this clock, the server was about to be asked: the wait began
	 * then or later
	 */
	void add(String key, long permits, EncodedPolicy policy, Decision decision, long asked) {
		long time = LONGEST;
		for (Decision limit = decision; limit != null; limit = limit.next()) {
			time = Math.min(time, Math.min(limit.retryAfterNanos(), limit.resetAfterNanos()));
		}
		if (this.nanoTime.getAsLong() - asked < time) {
			this.refusals.put(key, new Refusal(permits, policy, decision, asked, time));
		}
	}

	/**
	 * Refuses a claim on a key that was refused as much.
	 * @return the decision, or {@code null} if the server has to be asked
	 */
	@Nullable Decision find(String key, long permits, EncodedPolicy policy) {
		Refusal refusal = this.refusals.getIfPresent(key);
		if (refusal == null) {
			return null;
		}
		long elapsed = this.nanoTime.getAsLong() - refusal.asked();
		if (elapsed >= refusal.time() || refusal.policy() != policy) {
			this.refusals.asMap().remove(key, refusal);
			return null;
		}
		return (permits == refusal.permits()) ? later(refusal.decision(), elapsed) : null;
	}

	void forget(String key) {
		this.refusals.invalidate(key);
	}

	private static Decision later(Decision decision, long elapsed) {
		Decision next = decision.next();
		return Decision.denied(decision.policy(), decision.limit(), decision.remaining(),
				later(decision.retryAfterNanos(), elapsed), later(decision.resetAfterNanos(), elapsed),
				(next != null) ? later(next, elapsed) : null);
	}

	private static long later(long nanos, long elapsed) {
		return (nanos == Decision.NEVER) ? nanos : Math.max(1, nanos - elapsed);
	}

	private record Refusal(long permits, EncodedPolicy policy, Decision decision, long asked, long time) {
	}

}
