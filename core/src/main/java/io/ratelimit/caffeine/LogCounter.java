package io.ratelimit.caffeine;

import io.ratelimit.Limit;
import org.jspecify.annotations.Nullable;

/**
 * An exact sliding window for small limits: the moments of the last grants. A permit
 * taken at {@code t} counts while {@code now - t} is less than the window.
 */
final class LogCounter extends SlidingCounter {

	static final int MAX_PERMITS = 64;

	private static final int FIRST_LENGTH = 4;

	private final int length;

	LogCounter(Limit limit) {
		super(limit);
		this.length = (int) limit.permits();
	}

	@Override
	Cell newCell() {
		return new LogCell();
	}

	@Override
	void advance(Cell cell, long now) {
		LogCell log = (LogCell) cell;
		int expired = 0;
		while (expired < log.size && now - log.get(expired) >= this.window) {
			expired++;
		}
		log.removeFirst(expired);
	}

	@Override
	long waitNanos(Cell cell, long now, long permits) {
		LogCell log = (LogCell) cell;
		long excess = log.size + permits - this.length;
		return (excess <= 0) ? 0 : log.get((int) excess - 1) - now + this.window;
	}

	@Override
	void take(Cell cell, long now, long permits) {
		LogCell log = (LogCell) cell;
		long moment = log.latest(now);
		for (long i = 0; i < permits; i++) {
			log.add(moment, this.length);
		}
	}

	@Override
	void giveBack(Cell cell, long now, long permits, long heldNanos) {
		LogCell log = (LogCell) cell;
		long moment = log.latest(now);
		if (heldNanos < 0 || heldNanos >= this.window) {
			return; // the grant may have left the window already
		}
		// The grant itself is one of those since then. Dropping the oldest of them keeps
		// the later moments, so that nothing expires earlier than it should.
		int first = 0;
		while (first < log.size && moment - log.get(first) > heldNanos) {
			first++;
		}
		log.remove(first, (int) Math.min(permits, log.size - first));
	}

	@Override
	long remaining(Cell cell, long now) {
		LogCell log = (LogCell) cell;
		return Math.max(0, (long) this.length - log.size);
	}

	@Override
	boolean unused(Cell cell, long now) {
		return ((LogCell) cell).size == 0;
	}

	@Override
	void replay(Cell used, long now, SlidingCounter counter, Cell cell) {
		LogCell log = (LogCell) used;
		for (int i = 0; i < log.size; i++) {
			counter.record(cell, log.get(i), 1);
		}
	}

	@Override
	void record(Cell cell, long moment, long permits) {
		LogCell log = (LogCell) cell;
		for (long i = 0; i < permits; i++) {
			log.add(moment, MAX_PERMITS);
		}
	}

	/**
	 * A ring of moments, oldest first; a single one stands in the cell itself.
	 */
	private static final class LogCell extends Cell {

		private short head;

		private short size;

		private long single;

		private long @Nullable [] ring;

		long get(int index) {
			long[] ring = this.ring;
			return (ring == null) ? this.single : ring[wrap(this.head + index, ring.length)];
		}

		/**
		 * Returns a moment, or that of the last grant if it is later.
		 */
		long latest(long now) {
			long newest = (this.size > 0) ? get(this.size - 1) : now;
			return (now - newest < 0) ? newest : now;
		}

		void add(long moment, int most) {
			long[] ring = this.ring;
			if (ring == null && this.size == 0) {
				this.single = moment;
			}
			else {
				if (ring == null || this.size == ring.length) {
					ring = grow(Math.min(most, Math.max(FIRST_LENGTH, this.size * 2)));
				}
				ring[wrap(this.head + this.size, ring.length)] = moment;
			}
			this.size++;
		}

		void removeFirst(int count) {
			if (count > 0) {
				if (this.ring != null) {
					this.head = (short) wrap(this.head + count, this.ring.length);
				}
				this.size = (short) (this.size - count);
			}
		}

		void remove(int from, int count) {
			if (count > 0) {
				long[] ring = this.ring;
				for (int i = from - 1; ring != null && i >= 0; i--) {
					ring[wrap(this.head + i + count, ring.length)] = get(i);
				}
				removeFirst(count);
			}
		}

		private long[] grow(int length) {
			long[] grown = new long[length];
			for (int i = 0; i < this.size; i++) {
				grown[i] = get(i);
			}
			this.ring = grown;
			this.head = 0;
			return grown;
		}

		private static int wrap(int index, int length) {
			return (index < length) ? index : index - length;
		}

	}

}
