package io.ratelimit.caffeine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
 * The listener runs while Caffeine holds the key's entry, so that nobody can make another
 * cell of the key before the dropped one is retired or kept.
 */
final class Cells {

	private final Cache<String, Cell> cache;

	private final Map<String, Cell> refusing = new ConcurrentHashMap<>();

	private final PolicyCounter counter;

	private final StoreClock clock;

	private final long maximum;

	private final Runnable evicted;

	/**
	 * Makes an empty set of cells.
	 * @param maximum most cells that are kept, and most of those that refuse aside
	 * @param evicted run for each cell that is lost because there are too many
	 */
	Cells(PolicyCounter counter, StoreClock clock, long maximum, Runnable evicted) {
		this.counter = counter;
		this.clock = clock;
		this.maximum = maximum;
		this.evicted = evicted;
		this.cache = Caffeine.newBuilder().maximumSize(maximum).evictionListener(this::evict).build();
	}

	@Nullable Cell get(String key) {
		Cell cell = this.cache.getIfPresent(key);
		return (cell != null || this.refusing.isEmpty()) ? cell : this.refusing.get(key);
	}

	/**
	 * Looks a key up, and makes its cell where there is none.
	 */
	Cell get(String key, Function<String, Cell> maker) {
		Cell cell = this.cache.getIfPresent(key);
		return (cell != null) ? cell : this.cache.get(key, (absent) -> {
			Cell kept = this.refusing.remove(absent);
			return (kept != null) ? kept : maker.apply(absent);
		});
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

	private void evict(@Nullable String key, @Nullable Cell cell, Object cause) {
		if (key == null || cell == null || !cell.lock()) {
			return;
		}
		if (this.refusing.size() < this.maximum && !this.counter.admits(cell, this.clock.now(), 1)) {
			this.refusing.put(key, cell);
			cell.unlock();
		}
		else {
			cell.retire();
			this.evicted.run();
		}
	}

}
