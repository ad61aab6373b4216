package io.ratelimit.caffeine;

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

	/** Most recent segment index; a racy cache, recomputed by division when stale. */
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
		SegmentCell segments = (SegmentCell) cell;
		long index = index(now);
		if (index > segments.head()) {
			advance(segments, index);
		}
	}

	@Override
	long waitNanos(Cell cell, long now, long permits) {
		SegmentCell segments = (SegmentCell) cell;
		long excess = segments.used() - this.permits + permits;
		return (excess <= 0) ? 0 : expiry(lastOf(segments, excess), now);
	}

	@Override
	void take(Cell cell, long now, long permits) {
		SegmentCell segments = (SegmentCell) cell;
		long[] ring = segments.ring;
		if (ring != null) {
			this.width.add(ring, segments.head(), permits);
		}
		else {
			takeAlone(segments, index(now), permits);
		}
	}

	@Override
	void giveBack(Cell cell, long now, long permits, long moment) {
		SegmentCell segments = (SegmentCell) cell;
		if (now - moment >= this.window) {
			return; // the grant has left the window, as far as its moment tells
		}
		// The grant is in one of the segments since then. Taking it from the oldest of
		// them leaves the later ones, which expire later.
		long left = permits;
		long head = segments.head();
		long first = Math.max(segments.oldest(), index(Math.max(0, moment)));
		for (long index = first; index <= head && left > 0; index++) {
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
	long resetNanos(Cell cell, long now) {
		SegmentCell segments = (SegmentCell) cell;
		long used = segments.used();
		if (used == 0) {
			return 0;
		}
		return (used <= this.permits) ? expiry(segments.oldest(), now) : waitNanos(cell, now, 1);
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
			for (long index = segments.oldest(); index <= head; index++) {
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
		take(cell, moment, permits);
	}

	/**
	 * Moves on to a segment and drops what has left the window by then. A single segment
	 * without a ring stays where it is for as long as it counts.
	 */
	private void advance(SegmentCell segments, long index) {
		long[] ring = segments.ring;
		if (ring != null) {
			this.width.dropUntil(ring, index - SEGMENTS);
			if (Width.sum(ring) > 0 && index - Width.oldest(ring) >= this.width.length(ring)) {
				spread(segments, index);
			}
			segments.number(index);
		}
		else if (index - segments.head() >= KEPT) {
			segments.number(0);
		}
	}

	/**
	 * Takes permits of a key without a ring, and gives it one if it needs it now.
	 */
	private void takeAlone(SegmentCell segments, long index, long permits) {
		long used = segments.used();
		long head = segments.head();
		long current = Math.max(index, head);
		if ((used > 0 && current > head) || !segments.single(current, used + permits)) {
			long[] ring = spread(segments, current);
			segments.number(current);
			this.width.add(ring, current, permits);
		}
	}

	private void remove(SegmentCell segments, long index, long permits) {
		long[] ring = segments.ring;
		if (ring == null) {
			segments.single(index, segments.used() - permits);
		}
		else {
			this.width.add(ring, index, -permits);
			this.width.dropUntil(ring, Width.oldest(ring));
		}
	}

	/**
	 * Gives the counts a ring that has room for all of them up to a segment.
	 */
	private long[] spread(SegmentCell segments, long index) {
		boolean used = segments.used() > 0;
		long oldest = used ? segments.oldest() : index;
		long[] ring = this.width.ring(2 * (int) Long.highestOneBit(index - oldest));
		long head = segments.head();
		for (long each = oldest; used && each <= head; each++) {
			this.width.add(ring, each, count(segments, each));
		}
		segments.ring = ring;
		return ring;
	}

	/**
	 * Returns the segment in which the last of the oldest permits was taken.
	 */
	private long lastOf(SegmentCell segments, long permits) {
		long index = segments.oldest();
		for (long passed = count(segments, index); passed < permits; passed += count(segments, index)) {
			index++;
		}
		return index;
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

		private static final long NEWEST = (1L << 45) - 1;

		private long @Nullable [] ring;

		long head() {
			return (this.ring == null) ? number() >>> COUNT_BITS : number();
		}

		/**
		 * Returns the oldest segment that counts, if any does.
		 */
		long oldest() {
			return (this.ring == null) ? number() >>> COUNT_BITS : Width.oldest(this.ring);
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
