package io.ratelimit.caffeine;

import java.time.Instant;
import java.time.ZonedDateTime;

import io.ratelimit.CalendarWindow;
import io.ratelimit.FixedWindow;
import org.jspecify.annotations.Nullable;

/**
 * A fixed window, aligned to the epoch or to a calendar. A key stays in the latest window
 * that it was counted in, should the system's clock be set back.
 */
final class FixedWindowCounter extends Counter {

	private static final long NANOS_PER_SECOND = 1_000_000_000L;

	private final long permits;

	private final long window;

	private final @Nullable CalendarWindow calendar;

	private final StoreClock clock;

	private volatile Span latest;

	FixedWindowCounter(FixedWindow limit, StoreClock clock) {
		super(limit);
		this.permits = limit.permits();
		this.window = nanos(limit.window());
		this.calendar = limit.calendar();
		this.clock = clock;
		this.latest = compute(clock.wallNanos(clock.now()));
	}

	@Override
	Cell newCell() {
		return new WindowCell();
	}

	@Override
	void advance(Cell cell, long now) {
		WindowCell counted = (WindowCell) cell;
		long start = span(this.clock.wallNanos(now)).start();
		if (start > counted.start) {
			counted.start = start;
			counted.number(0);
		}
	}

	@Override
	long waitNanos(Cell cell, long now, long permits) {
		WindowCell counted = (WindowCell) cell;
		return (counted.number() + permits <= this.permits) ? 0 : span(counted.start).end() - this.clock.wallNanos(now);
	}

	@Override
	void take(Cell cell, long now, long permits) {
		cell.number(cell.number() + permits);
	}

	@Override
	void giveBack(Cell cell, long now, long permits, long moment) {
		WindowCell counted = (WindowCell) cell;
		if (now - moment <= this.clock.wallNanos(now) - counted.start) {
			counted.number(Math.max(0, counted.number() - permits));
		}
	}

	@Override
	long remaining(Cell cell, long now) {
		return Math.max(0, this.permits - cell.number());
	}

	@Override
	boolean unused(Cell cell, long now) {
		return cell.number() == 0;
	}

	@Override
	void adopt(Cell cell, Counter former, Cell used, long now) {
		WindowCell counted = (WindowCell) cell;
		counted.start = ((WindowCell) used).start;
		counted.number(used.number());
	}

	private Span span(long wall) {
		Span span = this.latest;
		if (wall < span.start() || wall >= span.end()) {
			span = compute(wall);
			this.latest = span;
		}
		return span;
	}

	private Span compute(long wall) {
		if (this.calendar == null) {
			long start = Math.floorDiv(wall, this.window) * this.window;
			return new Span(start, start + this.window);
		}
		ZonedDateTime moment = Instant
			.ofEpochSecond(Math.floorDiv(wall, NANOS_PER_SECOND), Math.floorMod(wall, NANOS_PER_SECOND))
			.atZone(this.calendar.zone());
		return new Span(wallNanos(this.calendar.startAt(moment)), wallNanos(this.calendar.endAt(moment)));
	}

	private static long wallNanos(ZonedDateTime moment) {
		return moment.toEpochSecond() * NANOS_PER_SECOND;
	}

	private record Span(long start, long end) {
	}

	/**
	 * The window that was last counted in, by the wall time of its start; its count
	 * stands beside the lock.
	 */
	private static final class WindowCell extends Cell {

		private long start = Long.MIN_VALUE;

	}

}
