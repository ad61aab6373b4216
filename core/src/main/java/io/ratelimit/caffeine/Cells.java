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
 * A flood of new keys can make it drop a key that is over its limit, which would then
 * begin anew: the flood would lift the limit. So a cell that is dropped while it refuses
 * is kept aside, and found there when its key comes back. So is one that has used a
 * quarter of a limit, while half of the place is free: keys that come in a cycle, each
 * below its limit, would else never reach it. A flood cannot fill the other half, since
 * each key in it has cost a whole limit; the place is as large as the cache.
 *
 * Cells move between the cache and that place only inside compute for their key, so a
 * miss in the cache must be confirmed inside compute. Within compute a thread may wait
 * for the lock of a cell, or for compute of the same key in the former generation of the
 * policy; no thread that holds a cell waits for compute.
 */
final class Cells {

	private final Cache<String, Cell> cache;

	private final Map<String, Cell> aside = new ConcurrentHashMap<>();

	private final PolicyCounter counter;

	private final StoreClock clock;

	private final long maximum;

	private final Eviction evicted;

	private volatile boolean closed;

	/**
	 * Creates an empty set of cells.
	 * @param maximum most cells in the cache, and most aside
	 * @param evicted called for each cell that is dropped because there are too many
	 */
	Cells(PolicyCounter counter, StoreClock clock, long maximum, Eviction evicted) {
		this(counter, clock, Caffeine.newBuilder().maximumSize(maximum), maximum, evicted);
	}

	/**
	 * Creates an empty set of cells.
	 * @param builder builds the cache
	 * @param maximum most cells aside
	 * @param evicted called for each cell that is dropped because there are too many
	 */
	Cells(PolicyCounter counter, StoreClock clock, Caffeine<Object, Object> builder, long maximum, Eviction evicted) {
		this.counter = counter;
		this.clock = clock;
		this.maximum = maximum;
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
			Cell kept = this.aside.remove(absent);
			return (kept != null) ? kept : make(absent, maker);
		});
	}

	/**
	 * Removes and retires the key's cell. From then on every new cell here is retired.
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
		this.aside.remove(key, cell);
	}

	void forEach(BiConsumer<String, Cell> action) {
		this.cache.asMap().forEach(action);
		this.aside.forEach(action);
	}

	long size() {
		return this.cache.estimatedSize() + this.aside.size();
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
		return (present != null) ? present : this.aside.remove(key);
	}

	private void evict(@Nullable String key, @Nullable Cell cell, Object cause) {
		if (key == null || cell == null || !cell.lock()) {
			return;
		}
		long now = this.clock.now();
		boolean atLimit = !this.counter.admits(cell, now, 1);
		long room = atLimit ? this.maximum : this.counter.isMuchUsed(cell, now) ? this.maximum / 2 : 0;
		if (this.aside.size() < room) {
			this.aside.put(key, cell);
			cell.unlock();
		}
		else {
			cell.retire();
			this.evicted.of(atLimit);
		}
	}

	/**
	 * Callback for cells that are dropped because there are too many.
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
