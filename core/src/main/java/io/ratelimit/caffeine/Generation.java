package io.ratelimit.caffeine;

import java.util.function.Function;

import io.ratelimit.Policy;
import org.jspecify.annotations.Nullable;

/**
 * A policy as it stands until it is replaced, and the cells that are laid out for it.
 * What a key used in the former generation is carried over when the key is next looked
 * up.
 */
final class Generation {

	final PolicyCounter counter;

	private final Cells cells;

	private final Function<String, Cell> maker = this::newCell;

	private final StoreClock clock;

	private volatile @Nullable Generation former;

	private final long formerUntil;

	Generation(PolicyCounter counter, Cells cells, StoreClock clock, @Nullable Generation former) {
		this.counter = counter;
		this.cells = cells;
		this.clock = clock;
		this.former = former;
		this.formerUntil = (former != null) ? clock.now() + former.counter.lifetime : 0;
	}

	/**
	 * Returns this generation for a policy that differs in nothing that is counted.
	 */
	Generation with(Policy policy) {
		return new Generation(this.counter.with(policy), this.cells, this.clock, this.former);
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
		return (this.former != null) ? cell(key) : this.cells.get(key);
	}

	void remove(String key, Cell cell) {
		this.cells.remove(key, cell);
	}

	long size() {
		return this.cells.size();
	}

	/**
	 * Retires and removes the cells that have nothing left to tell.
	 */
	void sweep() {
		long now = this.clock.now();
		Generation former = this.former;
		if (former != null && this.formerUntil - now < 0) {
			this.former = null;
		}
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
		Cell carried = carryOver(key);
		return (carried != null) ? carried : this.counter.newCell();
	}

	/**
	 * Makes a key's cell of what it used in the former generation.
	 * @return the cell, or {@code null} if nothing is known of the key
	 */
	private @Nullable Cell carryOver(String key) {
		Generation former = this.former;
		Cell used = (former != null) ? former.withdraw(key) : null;
		if (former == null || used == null) {
			return null;
		}
		Cell cell = this.counter.newCell();
		this.counter.adopt(cell, former.counter, used, this.clock.now());
		return cell;
	}

	/**
	 * Takes out of this generation, for good, what is known of a key here or in those
	 * before. Nobody counts in the cell any more: whoever locks it later finds it
	 * retired. Where somebody is still carrying the key over to this generation, this
	 * waits for the cell; whoever comes later gets none, and finds the generation
	 * replaced.
	 */
	private @Nullable Cell withdraw(String key) {
		Cell cell = this.cells.withdraw(key);
		return (cell != null) ? cell : carryOver(key);
	}

}
