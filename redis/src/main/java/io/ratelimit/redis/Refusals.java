package io.ratelimit.redis;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ratelimit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one policy that the server has refused, each until any of its limits has
 * more left: repeated claims are refused locally. With them the keys that stood beside a
 * refused one in a batch, and were not charged. Kept for a second at most, so that
 * changes elsewhere are seen by then. A bounded number of keys; safe for use by many
 * threads.
 */
final class Refusals {

	private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

	private static final int MAXIMUM_KEYS = 10_000;

	private final Cache<String, Said> said = Caffeine.newBuilder().maximumSize(MAXIMUM_KEYS).build();

	private final LongSupplier nanoTime;

	Refusals(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Remembers a decision on what was not charged.
	 * @param asked when, by this clock, the server was about to be asked: the wait began
	 * then or later
	 */
	void add(String key, long permits, EncodedPolicy policy, Decision decision, long asked) {
		Said said = Said.of(permits, policy, decision, asked);
		if (this.nanoTime.getAsLong() - asked < said.time) {
			this.said.put(key, said);
		}
	}

	/**
	 * Learns that a key was charged: it is not refused any more, or has less left than
	 * when it stood beside one that was.
	 */
	void charged(String key, EncodedPolicy policy, Decision decision, long asked) {
		this.said.asMap()
			.computeIfPresent(key, (same, said) -> (said.decision.allowed() && decision.remaining() >= said.permits)
					? Said.of(said.permits, policy, decision, asked) : null);
	}

	/**
	 * Refuses a claim on a key that was refused as much.
	 * @return the decision, or {@code null} if the server has to be asked
	 */
	@Nullable Decision find(String key, long permits, EncodedPolicy policy) {
		Decision decision = findAny(key, permits, policy);
		return (decision != null && !decision.allowed()) ? decision : null;
	}

	/**
	 * Decides a claim of a batch, which charges nothing if another one of it is refused.
	 * @return the decision, or {@code null} if the server has to be asked
	 */
	@Nullable Decision findAny(String key, long permits, EncodedPolicy policy) {
		Said said = this.said.getIfPresent(key);
		if (said == null) {
			return null;
		}
		long elapsed = this.nanoTime.getAsLong() - said.asked;
		if (elapsed >= said.time || said.policy != policy) {
			this.said.asMap().remove(key, said);
			return null;
		}
		return (permits == said.permits) ? later(said.decision, elapsed) : null;
	}

	void forget(String key) {
		this.said.invalidate(key);
	}

	void forgetAll() {
		this.said.invalidateAll();
	}

	private static Decision later(Decision decision, long elapsed) {
		if (decision.allowed()) {
			return Decision.allowed(decision.policy(), decision.limit(), decision.remaining(), decision.delayNanos(),
					later(decision.resetAfterNanos(), elapsed), decision.moment());
		}
		Decision next = decision.next();
		return Decision.denied(decision.policy(), decision.limit(), decision.remaining(),
				later(decision.retryAfterNanos(), elapsed), later(decision.resetAfterNanos(), elapsed),
				(next != null) ? later(next, elapsed) : null);
	}

	private static long later(long nanos, long elapsed) {
		return (nanos == 0 || nanos == Decision.NEVER) ? nanos : Math.max(1, nanos - elapsed);
	}

	/**
	 * What the server has said of a key.
	 *
	 * @param time how long that stands, from when it was asked
	 */
	private record Said(long permits, EncodedPolicy policy, Decision decision, long asked, long time) {

		static Said of(long permits, EncodedPolicy policy, Decision decision, long asked) {
			long time = LONGEST;
			for (Decision limit = decision; limit != null; limit = limit.next()) {
				time = Math.min(time, Math.min(orLongest(limit.retryAfterNanos()), orLongest(limit.resetAfterNanos())));
			}
			return new Said(permits, policy, decision, asked, time);
		}

		private static long orLongest(long nanos) {
			return (nanos > 0) ? nanos : LONGEST;
		}

	}

}
