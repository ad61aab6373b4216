package io.ratelimit.caffeine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.ratelimit.Policy;
import org.jspecify.annotations.Nullable;

/**
 * A policy as it stands until it is replaced, and the cells that are laid out for it.
 * While a policy is being replaced there are two generations: the cells of the former are
 * moved to this one, each when its key is looked up or by {@link #adoptAll}.
 */
final class Generation {

	final PolicyCounter counter;

	final Refusals refusals;

	private final Cells cells;

	private final Function<String, Cell> maker = this::newCell;

	private final StoreClock clock;

	/** Keys that were moved here, or are just being moved, when they were looked up. */
	private final Set<String> moved = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Generation former;

	Generation(PolicyCounter counter, Cells cells, StoreClock clock, @Nullable Generation former) {
		this.counter = counter;
		this.cells = cells;
		this.clock = clock;
		this.former = former;
		this.refusals = new Refusals(clock);
	}

	/**
	 * Returns this generation for a policy that differs in nothing that is counted.
	 */
	Generation with(Policy policy) {
		return new Generation(this.counter.with(policy), this.cells, this.clock, null);
	}

	/**
	 * Moves all cells of the former generation to this one, and forgets the former.
	 */
	void adoptAll() {
		Generation former = this.former;
		if (former != null) {
			former.sweep();
			former.cells.forEach((key, cell) -> cell(key));
			// waits for cells that are just being moved, and in neither generation
			this.moved.forEach(this::cell);
			this.moved.clear();
			this.former = null;
		}
	}

	/**
	 * Looks a key up, and makes its cell where there is none.
	 */
	Cell cell(String key) {
		return this.cells.get(key, this.maker);
	}

	/**
	 * Looks a key up.
	 * @return its cell, or {@code null} if nothing is known of it
	 */
	@Nullable Cell cellIfUsed(String key) {
		Cell cell = this.cells.get(key);
		Generation former = this.former;
		if (cell != null || former == null) {
			return cell;
		}
		// a cell that is just moved is in neither generation
		return (former.cells.get(key) != null) ? cell(key) : this.cells.get(key);
	}

	void remove(String key, Cell cell) {
		this.cells.remove(key, cell);
	}

	long size() {
		Generation former = this.former;
		return this.cells.size() + ((former != null) ? former.size() : 0);
	}

	/**
	 * Retires and removes the cells whose usage has expired.
	 */
	void sweep() {
		long now = this.clock.now();
		this.cells.forEach((key, cell) -> {
			if (cell.tryLock()) {
				if (this.counter.unused(cell, now)) {
					cell.retire();
					remove(key, cell);
				}
				else {
					cell.unlock();
				}
			}
		});
	}

	private Cell newCell(String key) {
		Generation former = this.former;
		if (former == null) {
			return this.counter.newCell();
		}
		this.moved.add(key);
		Cell used = former.cells.withdraw(key);
		Cell cell = this.counter.newCell();
		if (used != null) {
			this.counter.adopt(cell, former.counter, used, this.clock.now());
		}
		return cell;
	}

}
