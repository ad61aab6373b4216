package io.ratelimit.caffeine;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.jspecify.annotations.Nullable;

/**
 * A policy's limits over one cell per key, decided and charged together. Every method
 * that is given a cell expects its lock to be held.
 */
final class PolicyCounter {

	final Policy policy;

	/** The most permits that one claim can ever take. */
	final long capacity;

	/** The time after which a cell that was not used has nothing left to tell. */
	final long lifetime;

	private final Limit[] limits;

	private final Counter[] counters;

	/** Which limit of the former policy each limit takes over from; -1 for none. */
	private final int[] adopted;

	/**
	 * Makes the counters of a policy.
	 * @param former those of the policy that it replaces, whose cells it has to be able
	 * to {@link #adopt}
	 */
	PolicyCounter(Policy policy, StoreClock clock, @Nullable PolicyCounter former) {
		this.policy = policy;
		this.capacity = policy.capacity();
		this.limits = policy.limits().toArray(new Limit[0]);
		this.counters = new Counter[this.limits.length];
		this.adopted = new int[this.limits.length];
		boolean[] taken = new boolean[(former != null) ? former.limits.length : 0];
		long longest = 0;
		for (int i = 0; i < this.limits.length; i++) {
			int index = (former != null) ? former.indexOf(this.limits[i], taken) : -1;
			this.adopted[i] = index;
			this.counters[i] = Counter.of(this.limits[i], clock,
					(former != null && index >= 0) ? former.counters[index] : null);
			longest = Math.max(longest, lifetime(this.limits[i]));
		}
		this.lifetime = longest;
	}

	/**
	 * Makes the counters of a policy that differs from its former in nothing that is
	 * counted.
	 */
	private PolicyCounter(Policy policy, PolicyCounter same) {
		this.policy = policy;
		this.capacity = same.capacity;
		this.lifetime = same.lifetime;
		this.limits = same.limits;
		this.counters = same.counters;
		this.adopted = same.adopted;
	}

	PolicyCounter with(Policy policy) {
		return new PolicyCounter(policy, this);
	}

	Cell newCell() {
		if (this.counters.length == 1) {
			return this.counters[0].newCell();
		}
		Cell[] parts = new Cell[this.counters.length];
		for (int i = 0; i < parts.length; i++) {
			parts[i] = this.counters[i].newCell();
		}
		return new ManyCells(parts);
	}

	boolean admits(Cell cell, long now, long permits) {
		if (permits > this.capacity) {
			return false;
		}
		for (int i = 0; i < this.counters.length; i++) {
			if (this.counters[i].waitNanos(part(cell, i), now, permits) > 0) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Tells how long to wait before acting on permits that are there to be taken.
	 */
	long delayNanos(Cell cell, long now, long permits) {
		long delay = 0;
		for (int i = 0; i < this.counters.length; i++) {
			delay = Math.max(delay, this.counters[i].delayNanos(part(cell, i), now, permits));
		}
		return delay;
	}

	void take(Cell cell, long now, long permits) {
		for (int i = 0; i < this.counters.length; i++) {
			this.counters[i].take(part(cell, i), now, permits);
		}
	}

	void giveBack(Cell cell, long now, long permits, long heldNanos) {
		for (int i = 0; i < this.counters.length; i++) {
			Counter counter = this.counters[i];
			counter.giveBack(part(cell, i), now, Math.min(permits, counter.capacity), heldNanos);
		}
	}

	boolean unused(Cell cell, long now) {
		for (int i = 0; i < this.counters.length; i++) {
			if (!this.counters[i].unused(part(cell, i), now)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Makes the decision that grants a claim, from what is left now.
	 */
	Decision allowed(Cell cell, long now, long delayNanos) {
		int binding = 0;
		long least = this.counters[0].remaining(part(cell, 0), now);
		for (int i = 1; i < this.counters.length; i++) {
			long remaining = this.counters[i].remaining(part(cell, i), now);
			if ((double) remaining / this.counters[i].capacity < (double) least / this.counters[binding].capacity) {
				binding = i;
				least = remaining;
			}
		}
		return Decision.allowed(this.policy, this.limits[binding], least, delayNanos, reset(cell, binding, now, least));
	}

	/**
	 * Makes the decision that denies a claim, of every limit that does: the longest wait
	 * first.
	 */
	Decision denied(Cell cell, long now, long permits) {
		int binding = -1;
		long longest = -1;
		for (int i = 0; i < this.counters.length; i++) {
			long wait = wait(cell, i, now, permits);
			if (wait > 0 && wait > longest) {
				binding = i;
				longest = wait;
			}
		}
		Decision next = null;
		for (int i = this.counters.length - 1; i >= 0; i--) {
			long wait = (i != binding) ? wait(cell, i, now, permits) : 0;
			if (wait > 0) {
				next = denied(cell, i, now, wait, next);
			}
		}
		return denied(cell, binding, now, longest, next);
	}

	/**
	 * Carries over what was used under a former policy of the same name.
	 */
	void adopt(Cell cell, PolicyCounter former, Cell used, long now) {
		for (int i = 0; i < this.limits.length; i++) {
			int index = this.adopted[i];
			if (index >= 0) {
				this.counters[i].adopt(part(cell, i), former.counters[index], former.part(used, index), now);
			}
		}
	}

	private int indexOf(Limit successor, boolean[] taken) {
		for (int i = 0; i < this.limits.length; i++) {
			if (!taken[i] && successor.countsLike(this.limits[i])) {
				taken[i] = true;
				return i;
			}
		}
		return -1;
	}

	private static long lifetime(Limit limit) {
		double refill = (double) limit.capacity() / limit.permits() * Counter.nanos(limit.window());
		return 2 * (Counter.nanos(limit.window()) + Counter.nanos(limit.maxWait())) + (long) refill;
	}

	private Decision denied(Cell cell, int index, long now, long wait, @Nullable Decision next) {
		long remaining = this.counters[index].remaining(part(cell, index), now);
		return Decision.denied(this.policy, this.limits[index], remaining, wait, reset(cell, index, now, remaining),
				next);
	}

	/**
	 * Tells how long it takes until a limit has more left than it has now.
	 */
	private long reset(Cell cell, int index, long now, long remaining) {
		return (remaining < this.counters[index].capacity) ? wait(cell, index, now, remaining + 1) : 0;
	}

	private long wait(Cell cell, int index, long now, long permits) {
		Counter counter = this.counters[index];
		return (permits > counter.capacity) ? Decision.NEVER : counter.waitNanos(part(cell, index), now, permits);
	}

	private Cell part(Cell cell, int index) {
		return (this.counters.length == 1) ? cell : ((ManyCells) cell).parts[index];
	}

	/**
	 * A cell for several limits; its lock guards those of its parts, which go unused.
	 */
	private static final class ManyCells extends Cell {

		private final Cell[] parts;

		private ManyCells(Cell[] parts) {
			this.parts = parts;
		}

	}

}
