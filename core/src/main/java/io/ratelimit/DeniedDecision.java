package io.ratelimit;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * A decision that denies a claim.
 */
final class DeniedDecision extends Decision {

	@Serial
	private static final long serialVersionUID = 1L;

	private final long retryAfterNanos;

	private final @Nullable Decision next;

	DeniedDecision(boolean counted, boolean local, Policy policy, Limit limit, long remaining, long resetAfterNanos,
			long retryAfterNanos, @Nullable Decision next) {
		super(counted, local, policy, limit, remaining, resetAfterNanos);
		this.retryAfterNanos = retryAfterNanos;
		this.next = next;
	}

	@Override
	Decision locally() {
		return new DeniedDecision(counted(), true, policy(), limit(), remaining(), resetAfterNanos(),
				this.retryAfterNanos, (this.next != null) ? this.next.locally() : null);
	}

	@Override
	public boolean allowed() {
		return false;
	}

	@Override
	public long retryAfterNanos() {
		return this.retryAfterNanos;
	}

	@Override
	public @Nullable Decision next() {
		return this.next;
	}

}
