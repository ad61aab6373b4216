package io.ratelimit;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.RateLimitStoreException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the store could not: as the failure mode of each policy asks for.
 */
final class StoreFailures {

	private final @Nullable RateLimitStore local;

	private final Listeners listeners;

	private final Outages outages;

	StoreFailures(@Nullable RateLimitStore local, Listeners listeners, Outages outages) {
		this.local = local;
		this.listeners = listeners;
		this.outages = outages;
	}

	/**
	 * Binds a policy to the local store, if it may have to count there.
	 */
	void bind(Policy policy) {
		if (this.local != null && policy.failureMode() != FailureMode.DENY) {
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
		report(failure, claims.size());
		List<Claim> counted = claims.stream().filter((claim) -> isCountedHere(claim, failure)).toList();
		boolean denied = claims.stream().anyMatch((claim) -> !isCountedHere(claim, failure) && !isAllowed(claim));
		List<Decision> answers = (this.local == null || counted.isEmpty() || denied) ? List.of()
				: this.local.tryAcquireAll(counted);
		List<Decision> decisions = new ArrayList<>(claims.size());
		int answered = 0;
		for (Claim claim : claims) {
			boolean here = isCountedHere(claim, failure);
			decisions.add((here && !answers.isEmpty()) ? answers.get(answered++)
					: Decision.notCounted(claim.policy(), here || isAllowed(claim)));
		}
		return decisions;
	}

	/**
	 * Notes that the store has answered.
	 */
	void answered() {
		this.outages.answered();
	}

	/**
	 * Notes that something other than a decision failed.
	 */
	void report(RateLimitStoreException failure) {
		report(failure, 0);
	}

	@Nullable RateLimitStore local() {
		return this.local;
	}

	private void report(RateLimitStoreException failure, int decisions) {
		this.listeners.failed(failure);
		this.outages.failed(failure, decisions);
	}

	/**
	 * Returns whether a claim is counted in the local store. A store that is full was
	 * perhaps filled on purpose, so that nothing is allowed uncounted then.
	 */
	private boolean isCountedHere(Claim claim, RateLimitStoreException failure) {
		FailureMode mode = claim.policy().failureMode();
		return this.local != null
				&& (mode == FailureMode.LOCAL || (mode == FailureMode.ALLOW && failure.kind() == Kind.FULL));
	}

	private static boolean isAllowed(Claim claim) {
		return claim.policy().failureMode() == FailureMode.ALLOW;
	}

}
