package io.ratelimit.spring.observe;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts changes of the configuration while the application runs, by what became of them.
 * Safe for use by many threads.
 */
final class ReloadCounts implements Consumer<Boolean> {

	private final LongAdder applied = new LongAdder();

	private final LongAdder refused = new LongAdder();

	/**
	 * Notes a change.
	 * @param applied whether it was applied, or refused as a whole
	 */
	@Override
	public void accept(Boolean applied) {
		(applied ? this.applied : this.refused).increment();
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
