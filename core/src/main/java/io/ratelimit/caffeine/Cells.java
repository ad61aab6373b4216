package io.ratelimit.caffeine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one policy by key, a bounded number of them.
 */
/*
 * Caffeine decides which key to drop when there are too many, by how often each was seen.
 * A flood of strangers can make it drop a key that is over its limit, which would then
 * begin anew: the flood would lift the limit. So a cell that is dropped while it refuses
 * is kept aside, and found there when its key comes back. The flood cannot fill that
 * place, since each key in it has cost a whole limit; it is as large as the cache.
 *
 * Caffeine lets one thread at a time make, drop or compute the entry of a key, and runs
 * the listener meanwhile. A cell goes aside, comes back or is taken out in such a turn
 * only; so whoever does not meet the cell in the cache has to wait for a turn to tell
 * that there is none. In its turn a thread may wait for the lock of a cell, or for a turn
 * with a former generation of the policy. Nobody waits for a turn while it holds a cell.
 */
final class Cells {

	private final Cache<String, Cell> cache;

	private final Map<String, Cell> refusing = new ConcurrentHashMap<>();

	private final PolicyCounter counter;

	private final StoreClock clock;

	private final long maximum;

	private final Eviction evicted;

	private volatile boolean closed;

	/**
	 * Makes an empty set of cells.
	 * @param maximum most cells that are kept, and most of those that refuse aside
	 * @param evicted hears of each cell that is lost because there are too many
	 */
	Cells(PolicyCounter counter, StoreClock clock, long maximum, Eviction evicted) {
		this(counter, clock, Caffeine.newBuilder().maximumSize(maximum), maximum, evicted);
	}

	/**
	 * Makes an empty set of cells.
	 * @param builder how the cells are kept
	 * @param aside most cells that refuse that are kept aside
	 * @param evicted hears of each cell that is lost because there are too many
	 */
	Cells(PolicyCounter counter, StoreClock clock, Caffeine<Object, Object> builder, long aside, Eviction evicted) {
		this.counter = counter;
		this.clock = clock;
		this.maximum = aside;
		this.evicted = evicted;
		this.cache = builder.evictionListener(this::evict).build();
	}

	/**
	 * Looks a key up.
	 * @return its cell, or {@code null} if nothing is known of it
	 */
	@Nullable Cell get(String key) {
		Cell cell = this.cache.getIfPresent(key);
		return (cell != null) ? cell : this.cache.asMap().compute(key, this::known);
	}

	/**
	 * Looks a key up, and makes its cell where there is none.
	 */
	Cell get(String key, Function<String, Cell> maker) {
		Cell cell = this.cache.getIfPresent(key);
		return (cell != null) ? cell : this.cache.get(key, (absent) -> {
			Cell kept = this.refusing.remove(absent);
			return (kept != null) ? kept : make(absent, maker);
		});
	}

	/**
	 * Takes a key's cell out for good. From the first time on no cell is made here that
	 * could be used.
	 * @return the cell, which is retired, or {@code null} if nothing is known of the key
	 */
	@Nullable Cell withdraw(String key) {
		this.closed = true;
		AtomicReference<@Nullable Cell> withdrawn = new AtomicReference<>();
		this.cache.asMap().compute(key, (same, present) -> {
			Cell cell = known(same, present);
			if (cell != null && cell.lock()) {
				cell.retire();
				withdrawn.setPlain(cell);
			}
			return null;
		});
		return withdrawn.getPlain();
	}

	/**
	 * Removes a cell that is retired.
	 */
	void remove(String key, Cell cell) {
		this.cache.asMap().remove(key, cell);
		this.refusing.remove(key, cell);
	}

	void forEach(BiConsumer<String, Cell> action) {
		this.cache.asMap().forEach(action);
		this.refusing.forEach(action);
	}

	long size() {
		return this.cache.estimatedSize() + this.refusing.size();
	}

	private Cell make(String key, Function<String, Cell> maker) {
		if (!this.closed) {
			return maker.apply(key);
		}
		Cell cell = this.counter.newCell();
		cell.retire();
		return cell;
	}

	private @Nullable Cell known(String key, @Nullable Cell present) {
		return (present != null) ? present : this.refusing.remove(key);
	}

	private void evict(@Nullable String key, @Nullable Cell cell, Object cause) {
		if (key == null || cell == null || !cell.lock()) {
			return;
		}
		boolean atLimit = !this.counter.admits(cell, this.clock.now(), 1);
		if (atLimit && this.refusing.size() < this.maximum) {
			this.refusing.put(key, cell);
			cell.unlock();
		}
		else {
			cell.retire();
			this.evicted.of(atLimit);
		}
	}

	/**
	 * Hears of cells that are lost.
	 */
	@FunctionalInterface
	interface Eviction {

		/**
		 * Called for each of them.
		 * @param atLimit whether the key was refused at that moment
		 */
		void of(boolean atLimit);

	}

}
