package io.ratelimit.tck;

import java.util.ArrayList;
import java.util.List;

/**
 * Every grant of a trace, in order of time: what is counted afterwards, whatever the
 * store has said.
 */
final class GrantLog {

	private final List<Grant> grants = new ArrayList<>();

	void add(long moment, long permits) {
		this.grants.add(new Grant(moment, permits));
	}

	void remove(Grant grant) {
		this.grants.remove(grant);
	}

	List<Grant> grants() {
		return this.grants;
	}

	long total() {
		return after(Long.MIN_VALUE);
	}

	/**
	 * Returns the sum of what was granted later than a moment.
	 */
	long after(long moment) {
		long sum = 0;
		for (int i = this.grants.size() - 1; i >= 0 && this.grants.get(i).moment() > moment; i--) {
			sum += this.grants.get(i).permits();
		}
		return sum;
	}

	/**
	 * Returns the most permits in any half-open interval of a length.
	 */
	long mostWithin(long length) {
		long most = 0;
		long sum = 0;
		int first = 0;
		for (Grant grant : this.grants) {
			sum += grant.permits();
			while (this.grants.get(first).moment() <= grant.moment() - length) {
				sum -= this.grants.get(first++).permits();
			}
			most = Math.max(most, sum);
		}
		return most;
	}

	/**
	 * Returns the most permits that any interval holds beyond what a rate brings in as
	 * much time, rounded up.
	 */
	long mostBeyond(long permits, long window) {
		long most = 0;
		for (int i = 0; i < this.grants.size(); i++) {
			long sum = 0;
			for (int j = i; j < this.grants.size(); j++) {
				sum += this.grants.get(j).permits();
				long time = this.grants.get(j).moment() - this.grants.get(i).moment();
				long brought = time / window * permits + time % window * permits / window;
				most = Math.max(most, sum - brought);
			}
		}
		return most;
	}

}
