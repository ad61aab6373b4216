package io.ratelimit.caffeine;

import java.util.List;

import io.ratelimit.BoundClaim;
import io.ratelimit.Decision;

/**
 * Several claims, decided together: all cells are locked, in an order that is the same
 * for everybody, then looked at, and charged only if each of them admits.
 */
final class Batch {

	private final List<BoundClaim> claims;

	private final CaffeinePolicy[] policies;

	private final Generation[] generations;

	private final Cell[] cells;

	/** Indices of the claims in the order of locking; equal cells stand together. */
	private final int[] order;

	Batch(List<BoundClaim> claims) {
		this.claims = claims;
		this.policies = new CaffeinePolicy[claims.size()];
		for (int index = 0; index < this.policies.length; index++) {
			this.policies[index] = (CaffeinePolicy) claims.get(index).policy();
		}
		this.generations = new Generation[claims.size()];
		this.cells = new Cell[claims.size()];
		this.order = new int[claims.size()];
		for (int index = 1; index < this.order.length; index++) {
			int position = index;
			for (; position > 0 && compare(this.order[position - 1], index) > 0; position--) {
				this.order[position] = this.order[position - 1];
			}
			this.order[position] = index;
		}
	}

	Decision[] decide(StoreClock clock) {
		while (true) {
			lookUp();
			long now = clock.now(); // not before the limits of these generations began to
									// count
			int locked = lock();
			try {
				if (locked == this.order.length && current()) {
					return admitted(now) ? take(now) : view(now);
				}
			}
			finally {
				unlock(locked);
			}
			if (locked < this.order.length) {
				remove(this.order[locked]);
			}
		}
	}

	private int compare(int left, int right) {
		int result = Integer.compare(this.policies[left].ordinal, this.policies[right].ordinal);
		return (result != 0) ? result : this.claims.get(left).key().compareTo(this.claims.get(right).key());
	}

	private void lookUp() {
		for (int position = 0; position < this.order.length; position++) {
			int index = this.order[position];
			if (position > 0 && compare(this.order[position - 1], index) == 0) {
				int same = this.order[position - 1];
				this.generations[index] = this.generations[same];
				this.cells[index] = this.cells[same];
			}
			else {
				this.generations[index] = this.policies[index].generation();
				this.cells[index] = this.generations[index].cell(this.claims.get(index).key());
			}
		}
	}

	/**
	 * Locks the cells until one of them turns out to be retired.
	 * @return how many positions of the order are locked
	 */
	private int lock() {
		for (int position = 0; position < this.order.length; position++) {
			int index = this.order[position];
			if (first(position) && !this.cells[index].lock()) {
				return position;
			}
		}
		return this.order.length;
	}

	private void unlock(int locked) {
		for (int position = 0; position < locked; position++) {
			if (first(position)) {
				this.cells[this.order[position]].unlock();
			}
		}
	}

	/**
	 * Removes a cell that is retired. No other cell is locked by now: a thread that
	 * changes the cells of a policy may be waiting for one.
	 */
	private void remove(int index) {
		this.generations[index].remove(this.claims.get(index).key(), this.cells[index]);
	}

	private boolean current() {
		for (int i = 0; i < this.generations.length; i++) {
			if (this.generations[i] != this.policies[i].generation()) {
				return false;
			}
		}
		return true;
	}

	private boolean admitted(long now) {
		for (int position = 0; position < this.order.length; position++) {
			int index = this.order[position];
			if (first(position) && !admitted(index, now)) {
				return false;
			}
		}
		return true;
	}

	private boolean admitted(int index, long now) {
		return this.generations[index].counter.admits(this.cells[index], now, sum(index));
	}

	private Decision[] take(long now) {
		Decision[] decisions = new Decision[this.cells.length];
		long[] delays = new long[this.cells.length];
		for (int i = 0; i < decisions.length; i++) {
			long permits = this.claims.get(i).permits();
			delays[i] = this.generations[i].counter.delayNanos(this.cells[i], now, permits);
			this.generations[i].counter.take(this.cells[i], now, permits);
		}
		for (int i = 0; i < decisions.length; i++) {
			decisions[i] = this.generations[i].counter.taken(this.cells[i], now, delays[i]);
		}
		return decisions;
	}

	private Decision[] view(long now) {
		Decision[] decisions = new Decision[this.cells.length];
		for (int i = 0; i < decisions.length; i++) {
			decisions[i] = this.generations[i].counter.decide(this.cells[i], now, sum(i), false);
		}
		return decisions;
	}

	/**
	 * Returns what all claims on the cell of one of them ask for.
	 */
	private long sum(int index) {
		long sum = 0;
		for (int i = 0; i < this.cells.length; i++) {
			if (this.cells[i] == this.cells[index]) {
				sum = Math.min(Long.MAX_VALUE - this.claims.get(i).permits(), sum) + this.claims.get(i).permits();
			}
		}
		return sum;
	}

	private boolean first(int position) {
		return position == 0 || this.cells[this.order[position]] != this.cells[this.order[position - 1]];
	}

}
