package io.ratelimit;

import java.io.Serial;

/**
 * A decision that grants a claim.
 */
final class AllowedDecision extends Decision {

	@Serial
	private static final long serialVersionUID = 1L;

	private final long delayNanos;

	private final long moment;

	AllowedDecision(boolean counted, boolean local, Policy policy, Limit limit, long remaining, long resetAfterNanos,
			long delayNanos, long moment) {
		super(counted, local, policy, limit, remaining, resetAfterNanos);
		this.delayNanos = delayNanos;
		this.moment = moment;
	}

	@Override
	Decision locally() {
		return new AllowedDecision(counted(), true, policy(), limit(), remaining(), resetAfterNanos(), this.delayNanos,
				this.moment);
	}

	@Override
	public boolean allowed() {
		return true;
	}

	@Override
	public long delayNanos() {
		return this.delayNanos;
	}

	@Override
	public long moment() {
		return this.moment;
	}

}
