package io.ratelimit.caffeine;

import java.util.Arrays;

import io.ratelimit.Limit;
import org.jspecify.annotations.Nullable;

/**
 * A sliding window for large limits, in a fixed number of bytes.
 */
/*
 * The window is cut into 60 segments, and 61 are kept: the one that is running and the 60
 * before it. Any interval of the window's length touches at most 61 of them, so a limit
 * that holds over the sum of 61 holds in every such interval. The oldest is counted whole
 * until it has left entirely, which refuses a claim for at most one segment longer than
 * an exact log would.
 *
 * Counts stand in a ring that is as long as the segments in use need and as wide as the
 * limit needs. A key that was used in one segment only mostly has no ring at all.
 *
 * A limit that replaces one of this kind is counted by this kind too, however small it
 * is, and at least as wide: what was used before may be more than it allows.
 */
final class SegmentCounter extends SlidingCounter {

	private static final int SEGMENTS = 60;

	static final int KEPT = SEGMENTS + 1;

	private final long permits;

	private final long segment;

	private final Width width;

	/** The segment that was last asked for; whoever reads an old one divides. */
	private long latest;

	SegmentCounter(Limit limit, @Nullable Counter former) {
		super(limit);
		this.permits = limit.permits();
		this.segment = ceilDiv(this.window, SEGMENTS);
		Width width = Width.of(limit.permits());
		this.width = (former instanceof SegmentCounter segments && segments.width.compareTo(width) > 0) ? segments.width
				: width;
	}

	@Override
	Cell newCell() {
		return new SegmentCell();
	}

	@Override
	void advance(Cell cell, long now) {
		advance((SegmentCell) cell, index(now));
	}

	@Override
	long waitNanos(Cell cell, long now, long permits) {
		SegmentCell segments = (SegmentCell) cell;
		long excess = segments.used() - this.permits + permits;
		if (excess <= 0) {
			return 0;
		}
		long index = oldest(segments);
		for (long freed = count(segments, index); freed < excess; freed += count(segments, index)) {
			index++;
		}
		return expiry(index, now);
	}

	@Override
	void take(Cell cell, long now, long permits) {
		add((SegmentCell) cell, index(now), permits);
	}

	@Override
	void giveBack(Cell cell, long now, long permits, long heldNanos) {
		SegmentCell segments = (SegmentCell) cell;
		if (heldNanos < 0 || heldNanos >= this.window) {
			return; // the grant may have left the window already
		}
		// The grant is in one of the segments since then. Taking it from the oldest of
		// them leaves the later ones, which expire later.
		long left = permits;
		long first = Math.max(oldest(segments), index(Math.max(0, now - heldNanos)));
		for (long index = first; index <= segments.head() && left > 0; index++) {
			long given = Math.min(left, count(segments, index));
			remove(segments, index, given);
			left -= given;
		}
	}

	@Override
	long remaining(Cell cell, long now) {
		return Math.max(0, this.permits - ((SegmentCell) cell).used());
	}

	@Override
	boolean unused(Cell cell, long now) {
		return ((SegmentCell) cell).used() == 0;
	}

	@Override
	void replay(Cell used, long now, SlidingCounter counter, Cell cell) {
		SegmentCell segments = (SegmentCell) used;
		if (segments.used() > 0) {
			long head = segments.head();
			for (long index = oldest(segments); index <= head; index++) {
				long count = count(segments, index);
				if (count > 0) {
					long last = index * this.segment + (this.segment - 1);
					counter.record(cell, Math.min(last, now), count);
				}
			}
		}
	}

	@Override
	void record(Cell cell, long moment, long permits) {
		advance(cell, moment);
		add((SegmentCell) cell, index(moment), permits);
	}

	private void add(SegmentCell segments, long index, long permits) {
		long used = segments.used();
		long head = segments.head();
		long current = Math.max(index, head);
		long[] ring = segments.ring;
		if (ring == null) {
			if ((used == 0 || current == head) && segments.single(current, used + permits)) {
				return;
			}
			ring = spread(segments, (used == 0) ? 1 : 2 * Long.highestOneBit(current - head));
			segments.number(current);
		}
		this.width.add(ring, current, permits);
	}

	/**
	 * Moves on to a segment and drops what has left the window by then. A single segment
	 * without a ring stays where it is for as long as it counts.
	 */
	private void advance(SegmentCell segments, long index) {
		long head = segments.head();
		if (index <= head) {
			return;
		}
		long[] ring = segments.ring;
		if (ring == null) {
			if (index - head >= KEPT) {
				segments.number(0);
			}
			return;
		}
		if (index - head >= KEPT) {
			Arrays.fill(ring, 0);
		}
		else {
			int length = this.width.length(ring);
			for (long left = Math.max(head - length + 1, head - SEGMENTS); left <= index - KEPT; left++) {
				this.width.add(ring, left, -this.width.get(ring, left));
			}
			if (length < KEPT) {
				for (long left = head - length + 1; left <= index - length; left++) {
					if (this.width.get(ring, left) > 0) {
						spread(segments, 2 * Long.highestOneBit(index - left));
						break;
					}
				}
			}
		}
		segments.number(index);
	}

	/**
	 * Gives the counts a ring of at least the given length.
	 */
	private long[] spread(SegmentCell segments, long least) {
		long[] ring = this.width.ring((int) least);
		long head = segments.head();
		for (long index = oldest(segments); index <= head; index++) {
			this.width.add(ring, index, count(segments, index));
		}
		segments.ring = ring;
		return ring;
	}

	/**
	 * Takes permits of a segment back.
	 */
	private void remove(SegmentCell segments, long index, long permits) {
		if (segments.ring == null) {
			segments.single(index, segments.used() - permits);
		}
		else {
			this.width.add(segments.ring, index, -permits);
		}
	}

	private long oldest(SegmentCell segments) {
		long[] ring = segments.ring;
		return (ring == null) ? segments.head() : segments.head() - Math.min(this.width.length(ring), KEPT) + 1;
	}

	private long count(SegmentCell segments, long index) {
		long[] ring = segments.ring;
		return (ring == null) ? segments.used() : this.width.get(ring, index);
	}

	/**
	 * Returns the time until a segment no longer counts.
	 */
	private long expiry(long index, long now) {
		return (index + KEPT) * this.segment - now;
	}

	/**
	 * Returns the segment of a moment: mostly the same as the last time, which saves a
	 * division.
	 */
	private long index(long now) {
		long latest = this.latest;
		long offset = now - latest * this.segment;
		if (offset >= 0 && offset < this.segment) {
			return latest;
		}
		long index = now / this.segment;
		this.latest = index;
		return index;
	}

	/**
	 * A ring of counts, and beside the lock the newest segment. A single segment needs no
	 * ring, as long as its index and its count fit beside the lock together.
	 */
	private static final class SegmentCell extends Cell {

		private static final int COUNT_BITS = 16;

		private static final long MOST = (1L << COUNT_BITS) - 1;

		private static final long NEWEST = (1L << 46) - 1;

		private long @Nullable [] ring;

		long head() {
			return (this.ring == null) ? number() >>> COUNT_BITS : number();
		}

		long used() {
			return (this.ring == null) ? number() & MOST : Width.sum(this.ring);
		}

		/**
		 * Sets the only segment.
		 * @return whether it fits
		 */
		boolean single(long index, long count) {
			if (index > NEWEST || count > MOST) {
				return false;
			}
			number((index << COUNT_BITS) | count);
			return true;
		}

	}

}
