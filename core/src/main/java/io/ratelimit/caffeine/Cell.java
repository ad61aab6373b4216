package io.ratelimit.caffeine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one key has used of one policy. Every field of a subclass is guarded by this
 * cell's lock.
 *
 * <p>
 * The lock is two bits of a word, taken by compare-and-set and given back by a release
 * store, since what it guards takes a few nanoseconds and a million cells must stay
 * small; a third bit says that a refusal of this key may be repeated, and the other bits
 * are a number that a subclass is free to use. A cell that leaves its cache is retired
 * under the lock: a thread that finds a retired cell looks the key up again, so that no
 * grant is recorded in a cell that is out of use.
 */
abstract class Cell {

	private static final long FREE = 0;

	private static final long LOCKED = 1;

	private static final long RETIRED = 2;

	private static final long REFUSING = 4;

	private static final int STATE_BITS = 3;

	private static final long STATE = (1 << STATE_BITS) - 1;

	/** Spins before the first attempt, some 26 ns each. */
	private static final int SHORTEST_PAUSE = 32;

	private static final int LONGEST_PAUSE = 256;

	/** Attempts before the processor is left to another thread. */
	private static final int ATTEMPTS = 2;

	private static final VarHandle WORD;

	static {
		try {
			WORD = MethodHandles.lookup().findVarHandle(Cell.class, "word", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private long word;

	/**
	 * Takes the lock, unless the cell is or becomes retired.
	 * @return whether the caller holds the lock
	 */
	final boolean lock() {
		return tryLock() || awaitLock();
	}

	final boolean tryLock() {
		long seen = (long) WORD.getOpaque(this);
		return (seen & (LOCKED | RETIRED)) == FREE && WORD.compareAndSet(this, seen, seen | LOCKED);
	}

	final void unlock() {
		unlock(false);
	}

	/**
	 * Gives the lock back.
	 * @param refusing whether the {@link Refusal} of this key that was published last
	 * holds until the lock is given back again
	 */
	final void unlock(boolean refusing) {
		WORD.setRelease(this, (this.word & ~STATE) | (refusing ? REFUSING : FREE));
	}

	/**
	 * Returns whether the {@link Refusal} of this key that was published last holds. The
	 * lock is not needed.
	 */
	final boolean isRefusing() {
		return ((long) WORD.getAcquire(this) & REFUSING) != 0;
	}

	/**
	 * Gives the lock up for good. The thread that does so may go on to read the cell.
	 */
	final void retire() {
		WORD.setRelease(this, (this.word & ~STATE) | RETIRED);
	}

	/**
	 * Returns the number that stands beside the lock, at first zero.
	 */
	final long number() {
		return this.word >>> STATE_BITS;
	}

	/**
	 * Sets the number that stands beside the lock.
	 * @param number not negative, of at most 61 bits
	 */
	final void number(long number) {
		this.word = (number << STATE_BITS) | (this.word & STATE);
	}

	/**
	 * Takes the lock that other threads want too, unless the cell is or becomes retired.
	 * Each failure makes the pause before the next attempt longer: a pause costs this
	 * thread alone, and an attempt costs the holder its cache line.
	 * @return whether the caller holds the lock
	 */
	@SuppressWarnings("ThreadPriorityCheck") // yields to the holder of the lock
	final boolean awaitLock() {
		int pause = SHORTEST_PAUSE;
		for (int attempt = 1;; attempt++) {
			for (int i = 0; i < pause; i++) {
				Thread.onSpinWait();
			}
			if (tryLock()) {
				return true;
			}
			if (((long) WORD.getAcquire(this) & RETIRED) != 0) {
				return false;
			}
			pause = Math.min(LONGEST_PAUSE, 2 * pause);
			if (attempt % ATTEMPTS == 0) {
				Thread.yield(); // the holder may have lost its processor
			}
		}
	}

}
