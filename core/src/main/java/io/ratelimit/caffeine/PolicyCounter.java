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

	private final Limit[] limits;

	private final Counter[] counters;

	/** Which limit of the former policy each limit takes over from; -1 for none. */
	private final int[] adopted;

	/** When each limit began to count, unless it did so from the first. */
	private final @Nullable Long[] begins;

	/**
	 * Creates the counters of a policy.
	 * @param former those of the policy that it replaces, whose cells it has to be able
	 * to {@link #adopt}
	 */
	PolicyCounter(Policy policy, StoreClock clock, @Nullable PolicyCounter former) {
		this.policy = policy;
		this.capacity = policy.capacity();
		this.limits = policy.limits().toArray(new Limit[0]);
		this.counters = new Counter[this.limits.length];
		this.adopted = new int[this.limits.length];
		this.begins = new Long[this.limits.length];
		boolean[] taken = new boolean[(former != null) ? former.limits.length : 0];
		for (int i = 0; i < this.limits.length; i++) {
			int index = (former != null) ? former.indexOf(this.limits[i], taken) : -1;
			this.adopted[i] = index;
			this.counters[i] = Counter.of(this.limits[i], clock,
					(former != null && index >= 0) ? former.counters[index] : null);
			if (former != null) {
				this.begins[i] = (index >= 0) ? former.begins[index] : Long.valueOf(clock.now());
			}
		}
	}

	/**
	 * Creates the counters of a policy that differs from its former in nothing that is
	 * counted.
	 */
	private PolicyCounter(Policy policy, PolicyCounter same) {
		this.policy = policy;
		this.capacity = same.capacity;
		this.limits = same.limits;
		this.counters = same.counters;
		this.adopted = same.adopted;
		this.begins = same.begins;
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

	/**
	 * Decides a claim.
	 * @param take whether to take the permits if they are there
	 */
	Decision decide(Cell cell, long now, long permits, boolean take) {
		return (this.counters.length == 1) ? decideByOne(cell, now, permits, take)
				: decideByAll(cell, now, permits, take);
	}

	private Decision decideByOne(Cell cell, long now, long permits, boolean take) {
		Counter counter = this.counters[0];
		long wait = wait(counter, cell, now, permits);
		boolean allowed = wait == 0;
		if (allowed) {
			wait = counter.delayNanos(cell, now, permits);
			if (take) {
				counter.take(cell, now, permits);
			}
		}
		return decision(counter, cell, now, this.limits[0], allowed, wait, null);
	}

	private Decision decideByAll(Cell cell, long now, long permits, boolean take) {
		int binding = 0;
		long longest = -1;
		for (int i = 0; i < this.counters.length; i++) {
			long wait = wait(cell, i, now, permits);
			if (wait > longest) {
				binding = i;
				longest = wait;
			}
		}
		if (longest > 0) {
			return decision(cell, now, binding, false, longest, others(cell, now, permits, binding));
		}
		long delay = delayNanos(cell, now, permits);
		if (take) {
			take(cell, now, permits);
		}
		return decision(cell, now, least(cell, now), true, delay, null);
	}

	/**
	 * Returns whether permits are there.
	 */
	boolean admits(Cell cell, long now, long permits) {
		for (int i = 0; i < this.counters.length; i++) {
			if (wait(cell, i, now, permits) > 0) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Returns whether a quarter of a limit or more is used.
	 */
	boolean isMuchUsed(Cell cell, long now) {
		for (int i = 0; i < this.counters.length; i++) {
			this.counters[i].advance(part(cell, i), now);
			if (this.counters[i].remaining(part(cell, i), now) <= this.counters[i].capacity / 4 * 3) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns how long to wait before acting on permits that are there.
	 */
	long delayNanos(Cell cell, long now, long permits) {
		long delay = 0;
		for (int i = 0; i < this.counters.length; i++) {
			delay = Math.max(delay, this.counters[i].delayNanos(part(cell, i), now, permits));
		}
		return delay;
	}

	/**
	 * Takes permits that are there.
	 */
	void take(Cell cell, long now, long permits) {
		for (int i = 0; i < this.counters.length; i++) {
			this.counters[i].take(part(cell, i), now, permits);
		}
	}

	/**
	 * Returns the decision on permits that were taken, from what is left.
	 */
	Decision taken(Cell cell, long now, long delayNanos) {
		return decision(cell, now, least(cell, now), true, delayNanos, null);
	}

	/**
	 * Gives back what was granted, to each limit that has counted since then.
	 */
	void giveBack(Cell cell, long now, long permits, Decision granted) {
		for (int i = 0; i < this.counters.length; i++) {
			if (hasCountedSince(i, granted)) {
				Counter counter = this.counters[i];
				counter.advance(part(cell, i), now);
				counter.giveBack(part(cell, i), now, Math.min(permits, counter.capacity), granted.moment());
			}
		}
	}

	@SuppressWarnings("ReferenceEquality") // tells generations apart that follow each
											// other at one moment
	private boolean hasCountedSince(int index, Decision granted) {
		Long begin = this.begins[index];
		return begin == null || granted.moment() - begin > 0
				|| (granted.moment() == begin && granted.policy() == this.policy);
	}

	boolean unused(Cell cell, long now) {
		for (int i = 0; i < this.counters.length; i++) {
			this.counters[i].advance(part(cell, i), now);
			if (!this.counters[i].unused(part(cell, i), now)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Carries over what was used under a former policy of the same name.
	 */
	void adopt(Cell cell, PolicyCounter former, Cell used, long now) {
		for (int i = 0; i < this.limits.length; i++) {
			int index = this.adopted[i];
			if (index >= 0) {
				former.counters[index].advance(former.part(used, index), now);
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

	/**
	 * Returns the decisions of the other limits that deny a claim too.
	 */
	private @Nullable Decision others(Cell cell, long now, long permits, int binding) {
		Decision next = null;
		for (int i = this.counters.length - 1; i >= 0; i--) {
			long wait = (i != binding) ? wait(cell, i, now, permits) : 0;
			if (wait > 0) {
				next = decision(cell, now, i, false, wait, next);
			}
		}
		return next;
	}

	/**
	 * Returns the limit with the least left relative to what it allows.
	 */
	private int least(Cell cell, long now) {
		int least = 0;
		double share = Double.MAX_VALUE;
		for (int i = 0; i < this.counters.length; i++) {
			double left = (double) this.counters[i].remaining(part(cell, i), now) / this.counters[i].capacity;
			if (left < share) {
				least = i;
				share = left;
			}
		}
		return least;
	}

	private Decision decision(Cell cell, long now, int index, boolean allowed, long wait, @Nullable Decision next) {
		return decision(this.counters[index], part(cell, index), now, this.limits[index], allowed, wait, next);
	}

	private Decision decision(Counter counter, Cell cell, long now, Limit limit, boolean allowed, long wait,
			@Nullable Decision next) {
		long remaining = counter.remaining(cell, now);
		long reset = counter.resetNanos(cell, now);
		return allowed ? Decision.allowed(this.policy, limit, remaining, wait, reset, now)
				: Decision.denied(this.policy, limit, remaining, wait, reset, next);
	}

	private long wait(Cell cell, int index, long now, long permits) {
		return wait(this.counters[index], part(cell, index), now, permits);
	}

	private static long wait(Counter counter, Cell cell, long now, long permits) {
		counter.advance(cell, now);
		return (permits <= counter.capacity) ? counter.waitNanos(cell, now, permits) : Decision.NEVER;
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
