package io.ratelimit.spring.method;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Admission;
import io.ratelimit.Claim;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.spring.call.CallContext.Surroundings;

/**
 * What a call has to take, less what has been taken for its request.
 */
final class Dues {

	private final List<Claim> claims;

	private final long[] used;

	private final List<Claim> due;

	private final Surroundings surroundings;

	/**
	 * Uses what has been taken for the request.
	 */
	Dues(List<Claim> claims, Surroundings surroundings) {
		this.claims = claims;
		this.surroundings = surroundings;
		this.used = new long[claims.size()];
		this.due = new ArrayList<>(claims.size());
		for (int i = 0; i < this.used.length; i++) {
			Claim claim = claims.get(i);
			this.used[i] = surroundings.use(nameOf(claim), claim.key(), claim.permits());
			if (this.used[i] < claim.permits()) {
				this.due.add((this.used[i] == 0) ? claim
						: claim.limiter().claim(claim.key(), claim.permits() - this.used[i]));
			}
		}
	}

	/**
	 * Returns the claims that are left, perhaps none.
	 */
	List<Claim> claims() {
		return this.due;
	}

	/**
	 * Notes what became of the claims that were left.
	 * @return the admission, if it was granted
	 * @throws RateLimitExceededException if it was refused; what was used can be used
	 * again
	 */
	Admission settle(Admission admission) {
		this.surroundings.decided(admission.decisions());
		if (admission.granted()) {
			return admission;
		}
		for (int i = 0; i < this.used.length; i++) {
			if (this.used[i] > 0) {
				this.surroundings.unuse(nameOf(this.claims.get(i)), this.claims.get(i).key(), this.used[i]);
			}
		}
		throw new RateLimitExceededException(admission.decisions());
	}

	private static String nameOf(Claim claim) {
		return claim.limiter().policy().name();
	}

}
