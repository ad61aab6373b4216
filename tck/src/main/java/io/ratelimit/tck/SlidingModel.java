package io.ratelimit.tck;

import java.util.ArrayDeque;
import java.util.Deque;

import io.ratelimit.Limit;

/**
 * A log of every grant of the last window.
 */
final class SlidingModel extends Model {

	private final long window;

	private final Deque<Grant> grants = new ArrayDeque<>();

	private long used;

	SlidingModel(Limit limit, long step) {
		super(limit, step);
		this.window = limit.window().toNanos();
	}

	@Override
	long remaining(long now) {
		forget(now);
		return Math.max(0, this.limit.permits() - this.used);
	}

	@Override
	void take(long permits, long now) {
		this.grants.addLast(new Grant(now, permits));
		this.used += permits;
	}

	@Override
	long wait(long permits, long now) {
		forget(now);
		long excess = this.used + permits - this.limit.permits();
		for (Grant grant : this.grants) {
			if (excess <= 0) {
				break;
			}
			excess -= grant.permits();
			if (excess <= 0) {
				return grant.moment() + this.window - now;
			}
		}
		return 0;
	}

	private void forget(long now) {
		for (Grant first = this.grants.peekFirst(); first != null
				&& first.moment() <= now - this.window; first = this.grants.peekFirst()) {
			this.used -= first.permits();
			this.grants.removeFirst();
		}
	}

}
