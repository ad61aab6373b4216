package io.ratelimit.caffeine;

import io.ratelimit.Limit;

/**
 * A counter of a sliding window, exact or in segments.
 */
abstract class SlidingCounter extends Counter {

	final long window;

	SlidingCounter(Limit limit) {
		super(limit);
		this.window = nanos(limit.window());
	}

	/**
	 * Hands every grant that still counts to a new cell of another counter, oldest first.
	 */
	abstract void replay(Cell used, long now, SlidingCounter counter, Cell cell);

	/**
	 * Records a grant of the past, whether or not there is room for it.
	 * @param moment when, not before any grant already recorded
	 */
	abstract void record(Cell cell, long moment, long permits);

	@Override
	final void adopt(Cell cell, Counter former, Cell used, long now) {
		((SlidingCounter) former).replay(used, now, this, cell);
	}

}
