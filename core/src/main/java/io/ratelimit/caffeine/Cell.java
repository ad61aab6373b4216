package io.ratelimit.caffeine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one key has used of one policy. Every field of a subclass is guarded by this
 * cell's lock.
 *
 * <p>
 * The lock is one word, taken by compare-and-set and given back by a release store, since
 * what it guards takes a few nanoseconds and a million cells must stay small. A cell that
 * leaves its cache is retired under the lock: whoever meets a retired cell looks the key
 * up again, so that no grant is recorded where nobody will read it.
 */
abstract class Cell {

	private static final int FREE = 0;

	private static final int LOCKED = 1;

	private static final int RETIRED = 2;

	private static final int SPINS = 64;

	private static final VarHandle STATE;

	static {
		try {
			STATE = MethodHandles.lookup().findVarHandle(Cell.class, "state", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	@SuppressWarnings("unused") // by the handle
	private volatile int state;

	/**
	 * Takes the lock, unless the cell is or becomes retired.
	 * @return whether the caller holds the lock
	 */
	final boolean lock() {
		return STATE.compareAndSet(this, FREE, LOCKED) || lockSlowly();
	}

	final void unlock() {
		STATE.setRelease(this, FREE);
	}

	/**
	 * Gives the lock up for good.
	 */
	final void retire() {
		STATE.setRelease(this, RETIRED);
	}

	final boolean tryLock() {
		return STATE.compareAndSet(this, FREE, LOCKED);
	}

	@SuppressWarnings("ThreadPriorityCheck") // yields to whoever holds the lock
	private boolean lockSlowly() {
		for (int attempt = 1;; attempt++) {
			int seen = this.state;
			if (seen == RETIRED) {
				return false;
			}
			if (seen == FREE && STATE.compareAndSet(this, FREE, LOCKED)) {
				return true;
			}
			if (attempt % SPINS == 0) {
				Thread.yield(); // the holder may have lost its processor
			}
			else {
				Thread.onSpinWait();
			}
		}
	}

}
