package io.ratelimit.tck;

import java.time.Instant;

import io.ratelimit.Decision;
import io.ratelimit.FixedWindow;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.SlidingWindow;

/**
 * What one limit holds of one key, in the plainest arithmetic that is exact: the
 * yardstick for a store's decisions. Moments are nanoseconds since the test began.
 */
abstract class Model {

	final Limit limit;

	private final long step;

	Model(Limit limit, long step) {
		this.limit = limit;
		this.step = step;
	}

	/**
	 * Makes the model of a limit that has not been used.
	 * @param limit the limit
	 * @param start wall time of moment zero
	 * @param step the clock's resolution in nanoseconds
	 */
	static Model of(Limit limit, Instant start, long step) {
		if (limit instanceof SlidingWindow) {
			return new SlidingModel(limit, step);
		}
		return (limit instanceof FixedWindow) ? new FixedModel(limit, start, step) : new ArrivalModel(limit, step);
	}

	/**
	 * Returns how many permits could be taken, never less than none.
	 */
	abstract long remaining(long now);

	/**
	 * Takes permits, whether or not there are as many.
	 */
	abstract void take(long permits, long now);

	abstract long wait(long permits, long now);

	/**
	 * Returns how long the last of the permits has to wait before it leaves, if they are
	 * taken now.
	 */
	long delay(long permits, long now) {
		return 0;
	}

	/**
	 * Returns the time until a claim would pass, zero if it would now.
	 */
	final long retryAfter(long permits, long now) {
		return (permits > this.limit.capacity()) ? Decision.NEVER : roundUp(wait(permits, now));
	}

	/**
	 * Returns the time until more permits are left than now, zero if all are.
	 */
	final long resetAfter(long now) {
		long remaining = remaining(now);
		return (remaining < this.limit.capacity()) ? retryAfter(remaining + 1, now) : 0;
	}

	/**
	 * Decides on a claim, and takes its permits if it passes.
	 */
	final Decision tryAcquire(Policy policy, long permits, long now) {
		long retryAfter = retryAfter(permits, now);
		if (retryAfter > 0) {
			return Decision.denied(policy, this.limit, remaining(now), retryAfter, resetAfter(now), null);
		}
		long delay = roundUp(delay(permits, now));
		take(permits, now);
		return Decision.allowed(policy, this.limit, remaining(now), delay, resetAfter(now), now);
	}

	final long roundUp(long nanos) {
		return -Math.floorDiv(-nanos, this.step) * this.step;
	}

}
