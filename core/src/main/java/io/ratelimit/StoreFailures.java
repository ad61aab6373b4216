package io.ratelimit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what the store could not: as the failure mode of each policy asks for.
 */
final class StoreFailures {

	private static final Logger logger = LoggerFactory.getLogger(RateLimiterRegistry.class);

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final @Nullable RateLimitStore local;

	private final Listeners listeners;

	private final LongSupplier nanoTime;

	private final AtomicLong nextWarning;

	private volatile boolean warned;

	StoreFailures(@Nullable RateLimitStore local, Listeners listeners, LongSupplier nanoTime) {
		this.local = local;
		this.listeners = listeners;
		this.nanoTime = nanoTime;
		this.nextWarning = new AtomicLong(nanoTime.getAsLong());
	}

	/**
	 * Binds a policy to the local store, if it is to count there.
	 */
	void bind(Policy policy) {
		if (this.local != null && policy.failureMode() == FailureMode.LOCAL) {
			RateLimiter unused = this.local.limiter(policy);
		}
	}

	Decision decide(Policy policy, String key, long permits, RateLimitStoreException failure) {
		return decide(List.of(new Claim(policy, key, permits)), failure).get(0);
	}

	/**
	 * Decides a request of enforced or single claims.
	 */
	List<Decision> decide(List<Claim> claims, RateLimitStoreException failure) {
		report(failure);
		List<Claim> counted = claims.stream().filter(this::countedHere).toList();
		boolean denied = claims.stream().anyMatch((claim) -> !countedHere(claim) && !allowed(claim));
		List<Decision> answers = (this.local == null || counted.isEmpty() || denied) ? List.of()
				: this.local.tryAcquireAll(counted);
		List<Decision> decisions = new ArrayList<>(claims.size());
		int answered = 0;
		for (Claim claim : claims) {
			decisions.add(countedHere(claim) && !answers.isEmpty() ? answers.get(answered++)
					: Decision.notCounted(claim.policy(), countedHere(claim) || allowed(claim)));
		}
		return decisions;
	}

	/**
	 * Notes that the store has answered.
	 */
	void answered() {
		if (this.warned) {
			this.warned = false;
			logger.info("The rate limit store answers again");
		}
	}

	/**
	 * Notes that something other than a decision failed, which nobody waits for.
	 */
	void report(RateLimitStoreException failure) {
		this.listeners.failed(failure);
		long now = this.nanoTime.getAsLong();
		long next = this.nextWarning.get();
		if (now - next >= 0 && this.nextWarning.compareAndSet(next, now + QUIET_NANOS)) {
			this.warned = true;
			logger.warn("The rate limit store does not answer ({}): policies act by their failure mode; "
					+ "this is logged once a minute", failure.getMessage());
		}
	}

	@Nullable RateLimitStore local() {
		return this.local;
	}

	private boolean countedHere(Claim claim) {
		return this.local != null && claim.policy().failureMode() == FailureMode.LOCAL;
	}

	private static boolean allowed(Claim claim) {
		return claim.policy().failureMode() == FailureMode.ALLOW;
	}

}
