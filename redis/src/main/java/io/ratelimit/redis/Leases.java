package io.ratelimit.redis;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ratelimit.Decision;
import io.ratelimit.FixedWindow;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.SlidingWindow;
import org.jspecify.annotations.Nullable;

/**
 * Permits of one policy that were taken ahead of claims, to be spent without a call. A
 * bounded number of keys; safe for use by many threads.
 */
/*
 * A permit counts from when it is spent, and the server has counted it from when it was
 * taken. Both are in the same segment of the window, or in the same fixed window, which
 * is counted whole: so a lease ends with that, measured from before the server was asked.
 * What is left then is given up.
 *
 * How much is taken ahead doubles each time that a lease is used up, and halves when one
 * ends with something left: a key that is asked for now and then takes nothing ahead. One
 * thread at a time takes ahead for a key; the others ask for themselves meanwhile.
 */
final class Leases {

	private static final int MAXIMUM_KEYS = 10_000;

	/** Larger limits are counted by segments: the script has the same number. */
	private static final int MOST_MOMENTS = 64;

	private final Cache<String, Lease> leases = Caffeine.newBuilder().maximumSize(MAXIMUM_KEYS).build();

	private final long most;

	private final LongSupplier nanoTime;

	/**
	 * Creates leases.
	 * @param most most permits that are taken at once; with less than 2 there are none
	 */
	Leases(long most, LongSupplier nanoTime) {
		this.most = most;
		this.nanoTime = nanoTime;
	}

	/**
	 * Returns whether permits of a policy can be taken ahead.
	 */
	boolean apply(Policy policy) {
		return this.most > 1 && policy.limits().stream().allMatch(Leases::countedWhole);
	}

	/**
	 * Spends permits that were taken ahead.
	 * @return the decision, or {@code null} if there are not as many
	 */
	@Nullable Decision spend(String key, long permits, EncodedPolicy policy) {
		Lease lease = this.leases.getIfPresent(key);
		if (lease == null || lease.policy != policy) {
			return null;
		}
		long elapsed = this.nanoTime.getAsLong() - lease.asked;
		return (elapsed < lease.time) ? lease.spend(permits, elapsed) : null;
	}

	/**
	 * Returns how many permits to take ahead beside those of a claim. The caller has to
	 * {@link #add} them, or to {@link #forget} the key if there was no answer.
	 */
	long ahead(String key, EncodedPolicy policy) {
		Lease lease = this.leases.getIfPresent(key);
		if (lease == null || lease.policy != policy || !lease.renewed.compareAndSet(false, true)) {
			return 0;
		}
		boolean used = lease.left.get() <= lease.size / 2;
		return used ? Math.min(this.most - 1, 2 * lease.size + 1) : lease.size / 2;
	}

	/**
	 * Remembers what was taken ahead.
	 * @param decision the decision on the claim itself
	 * @param ahead how many permits were taken ahead
	 * @param time how long they can be spent
	 * @param asked when the server was about to be asked
	 * @return the decision, with what was taken ahead among what remains
	 */
	Decision add(String key, EncodedPolicy policy, Decision decision, long ahead, long time, long asked) {
		Lease lease = new Lease(policy, decision, ahead, time, asked);
		this.leases.asMap()
			.compute(key, (same, known) -> (ahead > 0 || known == null || known.replaceable(policy)) ? lease : known);
		return lease.decision(ahead, 0);
	}

	void forget(String key) {
		this.leases.invalidate(key);
	}

	void forgetAll() {
		this.leases.invalidateAll();
	}

	private static boolean countedWhole(Limit limit) {
		return limit instanceof FixedWindow || (limit instanceof SlidingWindow && limit.permits() > MOST_MOMENTS);
	}

	private static final class Lease {

		private final EncodedPolicy policy;

		private final Decision decision;

		private final long size;

		private final long time;

		private final long asked;

		private final AtomicLong left;

		private final AtomicBoolean renewed = new AtomicBoolean();

		Lease(EncodedPolicy policy, Decision decision, long size, long time, long asked) {
			this.policy = policy;
			this.decision = decision;
			this.size = size;
			this.time = time;
			this.asked = asked;
			this.left = new AtomicLong(size);
		}

		boolean replaceable(EncodedPolicy policy) {
			return this.policy != policy || this.renewed.get();
		}

		Decision decision(long left, long elapsed) {
			return Decision.allowed(this.decision.policy(), this.decision.limit(), this.decision.remaining() + left, 0,
					Math.max(1, this.decision.resetAfterNanos() - elapsed), this.asked);
		}

		@Nullable Decision spend(long permits, long elapsed) {
			long left = this.left.get();
			while (left >= permits) {
				if (this.left.compareAndSet(left, left - permits)) {
					return decision(left - permits, elapsed);
				}
				left = this.left.get();
			}
			return null;
		}

	}

}
