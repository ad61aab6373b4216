package io.ratelimit.spring.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts changes of the configuration while the application runs, by what became of them.
 * Safe for use by many threads.
 */
public final class ReloadCounts {

	private final LongAdder applied = new LongAdder();

	private final LongAdder refused = new LongAdder();

	/**
	 * Notes a change that was applied.
	 */
	public void addApplied() {
		this.applied.increment();
	}

	/**
	 * Notes a change that was refused as a whole.
	 */
	public void addRefused() {
		this.refused.increment();
	}

	/**
	 * Returns how many changes were applied.
	 * @return the number of changes so far
	 */
	public long applied() {
		return this.applied.sum();
	}

	/**
	 * Returns how many changes were refused.
	 * @return the number of changes so far
	 */
	public long refused() {
		return this.refused.sum();
	}

}
