package io.ratelimit.tck;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Limit;

/**
 * What one key has used of one limit.
 */
final class Ledger {

	final Limit limit;

	/** When it began to count. */
	final long begin;

	final List<Grant> grants = new ArrayList<>();

	Ledger(Limit limit, long begin) {
		this.limit = limit;
		this.begin = begin;
	}

	/**
	 * Removes permits from the oldest grants since a moment.
	 */
	void remove(long permits, long since) {
		long left = permits;
		for (int i = 0; i < this.grants.size() && left > 0; i++) {
			Grant grant = this.grants.get(i);
			if (grant.moment() >= since) {
				long removed = Math.min(left, grant.permits());
				this.grants.set(i, new Grant(grant.moment(), grant.permits() - removed));
				left -= removed;
			}
		}
		this.grants.removeIf((grant) -> grant.permits() == 0);
	}

}
