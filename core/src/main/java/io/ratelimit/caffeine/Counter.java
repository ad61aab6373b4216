package io.ratelimit.caffeine;

import java.time.Duration;

import io.ratelimit.FixedWindow;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.TokenBucket;
import org.jspecify.annotations.Nullable;

/**
 * One limit's algorithm with the limit's numbers worked out, over cells that hold nothing
 * but what a key has used. Stateless but for caches of what can be computed again; every
 * method that is given a cell expects its lock to be held.
 *
 * <p>
 * Moments are nanoseconds of the {@link StoreClock} and are compared by their difference.
 * A cell is {@linkplain #advance advanced} to a moment before anything else is done with
 * it at that moment. It never goes back: a thread that read the clock before another and
 * comes after it acts at the other's moment.
 */
abstract class Counter {

	/** The most permits that one claim can ever take. */
	final long capacity;

	Counter(Limit limit) {
		this.capacity = limit.capacity();
	}

	/**
	 * Creates the counter of a limit.
	 * @param former the counter of the limit that this one replaces, whose cells it has
	 * to be able to {@link #adopt}
	 */
	static Counter of(Limit limit, StoreClock clock, @Nullable Counter former) {
		if (limit instanceof FixedWindow fixed) {
			return new FixedWindowCounter(fixed, clock);
		}
		if (limit instanceof TokenBucket bucket) {
			return new ArrivalTimeCounter(bucket);
		}
		if (limit instanceof LeakyBucket bucket) {
			return new ArrivalTimeCounter(bucket);
		}
		return (former instanceof SegmentCounter || limit.permits() > LogCounter.MAX_PERMITS)
				? new SegmentCounter(limit, former) : new LogCounter(limit);
	}

	abstract Cell newCell();

	/**
	 * Brings a cell up to a moment, which every other method is then told again.
	 */
	abstract void advance(Cell cell, long now);

	/**
	 * Returns how long it takes until permits could be taken.
	 * @param permits at most the capacity
	 * @return zero if now; else the exact wait
	 */
	abstract long waitNanos(Cell cell, long now, long permits);

	/**
	 * Returns how long to wait before acting on permits that are there to be taken.
	 */
	long delayNanos(Cell cell, long now, long permits) {
		return 0;
	}

	/**
	 * Takes permits that {@link #waitNanos} has found to be there.
	 */
	abstract void take(Cell cell, long now, long permits);

	/**
	 * Gives back what was taken at a moment, as far as that is safe.
	 * @param moment the moment that {@link #take} was given
	 */
	abstract void giveBack(Cell cell, long now, long permits, long moment);

	abstract long remaining(Cell cell, long now);

	/**
	 * Returns how long it takes until more is left.
	 * @return zero if nothing is used
	 */
	long resetNanos(Cell cell, long now) {
		long remaining = remaining(cell, now);
		return (remaining < this.capacity) ? waitNanos(cell, now, remaining + 1) : 0;
	}

	/**
	 * Returns whether nothing is used, so that the cell is as good as new.
	 */
	abstract boolean unused(Cell cell, long now);

	/**
	 * Copies usage from a cell of a limit that {@linkplain Limit#countsLike counts like}
	 * this one into a new cell. Usage is preserved even above the new limit, and never
	 * expires earlier than before.
	 */
	abstract void adopt(Cell cell, Counter former, Cell used, long now);

	static long ceilDiv(long dividend, long divisor) {
		return -Math.floorDiv(-dividend, divisor);
	}

	static long nanos(Duration duration) {
		return duration.toNanos();
	}

}
