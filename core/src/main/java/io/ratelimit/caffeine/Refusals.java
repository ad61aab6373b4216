package io.ratelimit.caffeine;

import java.util.concurrent.atomic.AtomicReferenceArray;

import io.ratelimit.Decision;
import org.jspecify.annotations.Nullable;

/**
 * The latest refusals of keys that several threads use at once. Such a key is refused
 * again without its cell's lock, which those threads would have to take in turn. Safe for
 * use by many threads.
 */
/*
 * A refusal is published before the lock of its cell is given back as refusing; every
 * later unlock clears that mark or follows another publication. So where a cell is seen
 * to be refusing, its refusal found here is the latest published or one that has replaced
 * that since: it held when the mark was seen or when it was published, both after the
 * claim began. Two keys may share a slot: a claim that finds the refusal of another cell
 * takes the lock.
 */
final class Refusals {

	private static final int SLOTS = 64;

	private final AtomicReferenceArray<@Nullable Refusal> slots = new AtomicReferenceArray<>(SLOTS);

	private final StoreClock clock;

	Refusals(StoreClock clock) {
		this.clock = clock;
	}

	/**
	 * Repeats the refusal of a claim.
	 * @return the decision, or {@code null} if the claim has to be decided
	 */
	@Nullable Decision repeat(String key, Cell cell, long now, long permits) {
		if (!cell.isRefusing()) {
			return null;
		}
		Refusal refusal = this.slots.getAcquire(slot(key));
		return (refusal != null && refusal.cell() == cell && refusal.permits() == permits
				&& refusal.offset() == this.clock.offset()) ? refusal.at(now) : null;
	}

	/**
	 * Publishes a refusal, under the lock of the cell.
	 */
	void publish(String key, Refusal refusal) {
		this.slots.setRelease(slot(key), refusal);
	}

	private static int slot(String key) {
		int hash = key.hashCode();
		return (hash ^ (hash >>> 16)) & (SLOTS - 1);
	}

}
