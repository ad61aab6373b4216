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
 * limit needs. A key that was used in one segment only has no ring at all: the sum is its
 * count.
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
		long excess = used(segments) - this.permits + permits;
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
		for (long index = first; index <= segments.head && left > 0; index++) {
			long given = Math.min(left, count(segments, index));
			addCount(segments, index, -given);
			left -= given;
		}
	}

	@Override
	long remaining(Cell cell, long now) {
		return Math.max(0, this.permits - used((SegmentCell) cell));
	}

	@Override
	boolean unused(Cell cell, long now) {
		return used((SegmentCell) cell) == 0;
	}

	@Override
	void replay(Cell used, long now, SlidingCounter counter, Cell cell) {
		SegmentCell segments = (SegmentCell) used;
		if (used(segments) > 0) {
			for (long index = oldest(segments); index <= segments.head; index++) {
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
		long current = Math.max(index, segments.head);
		if (segments.ring == null) {
			if (used(segments) == 0) {
				segments.head = current;
			}
			else if (current != segments.head) {
				spread(segments, 2 * Long.highestOneBit(current - segments.head));
				segments.head = current;
			}
			if (this.width == Width.LONG) {
				spread(segments, 1);
			}
		}
		addCount(segments, current, permits);
	}

	/**
	 * Moves on to a segment and drops what has left the window by then. A single segment
	 * without a ring stays where it is for as long as it counts.
	 */
	private void advance(SegmentCell segments, long index) {
		long head = segments.head;
		if (index <= head) {
			return;
		}
		Object ring = segments.ring;
		if (index - head >= KEPT) {
			if (ring != null) {
				this.width.clear(ring);
			}
			segments.used = 0;
			segments.head = index;
			return;
		}
		if (ring == null) {
			return;
		}
		int length = this.width.length(ring);
		for (long left = Math.max(head - length + 1, head - SEGMENTS); left <= index - KEPT; left++) {
			addCount(segments, left, -count(segments, left));
		}
		if (length < KEPT) {
			for (long left = head - length + 1; left <= index - length; left++) {
				if (count(segments, left) > 0) {
					spread(segments, 2 * Long.highestOneBit(index - left));
					break;
				}
			}
		}
		segments.head = index;
	}

	/**
	 * Gives the counts a ring of at least the given length.
	 */
	private void spread(SegmentCell segments, long least) {
		Object ring = this.width.ring((int) least);
		Object former = segments.ring;
		if (former == null) {
			this.width.add(ring, segments.head, segments.used);
		}
		else {
			int length = this.width.length(former);
			for (long index = segments.head - length + 1; index <= segments.head; index++) {
				this.width.add(ring, index, this.width.get(former, index));
			}
		}
		segments.ring = ring;
	}

	private long oldest(SegmentCell segments) {
		Object ring = segments.ring;
		return (ring == null) ? segments.head : segments.head - Math.min(this.width.length(ring), KEPT) + 1;
	}

	private long count(SegmentCell segments, long index) {
		Object ring = segments.ring;
		return (ring == null) ? segments.used : this.width.get(ring, index);
	}

	private void addCount(SegmentCell segments, long index, long permits) {
		Object ring = segments.ring;
		if (ring != null) {
			this.width.add(ring, index, permits);
		}
		segments.used += (int) permits;
	}

	private long used(SegmentCell segments) {
		Object ring = segments.ring;
		return (this.width == Width.LONG && ring != null) ? this.width.sum(ring) : segments.used;
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
	 * The newest segment, the sum over all of them (of no meaning where it does not fit,
	 * and the ring is summed up instead), and the counts.
	 */
	private static final class SegmentCell extends Cell {

		private int used;

		private long head;

		private @Nullable Object ring;

	}

}
