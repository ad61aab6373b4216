package io.ratelimit.caffeine;

import io.ratelimit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * A refused claim, and how long its refusal can be repeated.
 *
 * @param cell the key's cell
 * @param permits the permits that were asked for
 * @param moment when it was refused
 * @param nanos for how long the same claim is refused with as much left as then
 * @param offset the offset of wall time that the decision was computed with
 * @param decision the decision at that moment
 */
/*
 * From a refusal until a limit that refused has more left, time changes nothing of a
 * decision but that its times grow shorter. That holds for every algorithm, since the
 * time at which a limit has more left is what each of them computes as its reset.
 */
record Refusal(Cell cell, long permits, long moment, long nanos, long offset, Decision decision) {

	static Refusal of(Cell cell, long permits, long moment, long offset, Decision decision) {
		long nanos = Long.MAX_VALUE;
		for (Decision each = decision; each != null; each = each.next()) {
			nanos = Math.min(nanos, each.resetAfterNanos());
		}
		return new Refusal(cell, permits, moment, nanos, offset, decision);
	}

	/**
	 * Returns the decision on the same claim at another moment.
	 * @return the decision, or {@code null} if it has to be computed anew
	 */
	@Nullable Decision at(long now) {
		long passed = now - this.moment;
		return (passed >= 0 && passed < this.nanos) ? after(passed, this.decision) : null;
	}

	private static Decision after(long passed, Decision decision) {
		Decision next = decision.next();
		return Decision.denied(decision.policy(), decision.limit(), decision.remaining(),
				decision.retryAfterNanos() - passed, decision.resetAfterNanos() - passed,
				(next != null) ? after(passed, next) : null);
	}

}
