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
		if (log.size() > 0 && now - log.get(0) >= this.window) {
			log.removeFirst(expired(log, now));
		}
	}

	@Override
	long waitNanos(Cell cell, long now, long permits) {
		LogCell log = (LogCell) cell;
		long excess = log.size() + permits - this.length;
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
	void giveBack(Cell cell, long now, long permits, long moment) {
		LogCell log = (LogCell) cell;
		if (now - moment >= this.window) {
			return; // the grant has left the window, as far as its moment tells
		}
		// The grant is recorded at that moment or, where a later one was recorded before
		// it, at that one. Dropping the oldest of those since then keeps the later
		// moments, so that nothing expires earlier than it should.
		int first = 0;
		while (first < log.size() && log.get(first) - moment < 0) {
			first++;
		}
		log.remove(first, (int) Math.min(permits, log.size() - first));
	}

	@Override
	long remaining(Cell cell, long now) {
		LogCell log = (LogCell) cell;
		return Math.max(0, (long) this.length - log.size());
	}

	@Override
	long resetNanos(Cell cell, long now) {
		LogCell log = (LogCell) cell;
		int size = log.size();
		return (size == 0) ? 0 : log.get(Math.max(0, size - this.length)) - now + this.window;
	}

	@Override
	boolean unused(Cell cell, long now) {
		return ((LogCell) cell).size() == 0;
	}

	@Override
	void replay(Cell used, long now, SlidingCounter counter, Cell cell) {
		LogCell log = (LogCell) used;
		for (int i = 0; i < log.size(); i++) {
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

	private int expired(LogCell log, long now) {
		int size = log.size();
		int expired = 1;
		while (expired < size && now - log.get(expired) >= this.window) {
			expired++;
		}
		return expired;
	}

	/**
	 * A ring of moments, oldest first. A single one needs no ring: it stands, one higher,
	 * beside the lock; with a ring its head and its size stand there.
	 */
	private static final class LogCell extends Cell {

		private static final int HEAD_BITS = 8;

		private static final int HEAD = (1 << HEAD_BITS) - 1;

		private long @Nullable [] ring;

		int size() {
			long number = number();
			return (this.ring != null) ? (int) (number >>> HEAD_BITS) : (number != 0) ? 1 : 0;
		}

		long get(int index) {
			long[] ring = this.ring;
			return (ring == null) ? number() - 1 : ring[wrap(head() + index, ring.length)];
		}

		/**
		 * Returns a moment, or that of the last grant if it is later.
		 */
		long latest(long now) {
			int size = size();
			long newest = (size > 0) ? get(size - 1) : now;
			return (now - newest < 0) ? newest : now;
		}

		void add(long moment, int most) {
			int size = size();
			long[] ring = this.ring;
			if (ring == null && size == 0) {
				number(moment + 1);
				return;
			}
			if (ring == null || size == ring.length) {
				ring = grow(Math.min(most, Math.max(FIRST_LENGTH, size * 2)));
			}
			ring[wrap(head() + size, ring.length)] = moment;
			place(head(), size + 1);
		}

		void removeFirst(int count) {
			if (count > 0) {
				if (this.ring == null) {
					number(0);
				}
				else {
					place(wrap(head() + count, this.ring.length), size() - count);
				}
			}
		}

		void remove(int from, int count) {
			if (count > 0) {
				long[] ring = this.ring;
				for (int i = from - 1; ring != null && i >= 0; i--) {
					ring[wrap(head() + i + count, ring.length)] = get(i);
				}
				removeFirst(count);
			}
		}

		private int head() {
			return (int) number() & HEAD;
		}

		private void place(int head, int size) {
			number(((long) size << HEAD_BITS) | head);
		}

		private long[] grow(int length) {
			long[] grown = new long[length];
			int size = size();
			for (int i = 0; i < size; i++) {
				grown[i] = get(i);
			}
			this.ring = grown;
			place(0, size);
			return grown;
		}

		private static int wrap(int index, int length) {
			return (index < length) ? index : index - length;
		}

	}

}
