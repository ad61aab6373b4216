package io.ratelimit.tck;

import java.time.Duration;
import java.time.Instant;

import io.ratelimit.CalendarWindow;
import io.ratelimit.FixedWindow;
import io.ratelimit.Limit;

/**
 * A count from one boundary to the next.
 */
final class FixedModel extends Model {

	private final Instant start;

	private long used;

	private long end = Long.MIN_VALUE;

	FixedModel(Limit limit, Instant start, long step) {
		super(limit, step);
		this.start = start;
	}

	@Override
	long remaining(long now) {
		return Math.max(0, this.limit.permits() - used(now));
	}

	@Override
	void take(long permits, long now) {
		this.used = used(now) + permits;
		this.end = nextBoundary(now);
	}

	@Override
	long wait(long permits, long now) {
		return (used(now) + permits <= this.limit.permits()) ? 0 : this.end - now;
	}

	/**
	 * Returns the first boundary after a moment.
	 */
	long nextBoundary(long now) {
		CalendarWindow calendar = (this.limit instanceof FixedWindow fixed) ? fixed.calendar() : null;
		Instant instant = this.start.plusNanos(now);
		if (calendar != null) {
			return Duration.between(this.start, calendar.endAt(instant.atZone(calendar.zone()))).toNanos();
		}
		long window = this.limit.window().toNanos();
		long sinceEpoch = Duration.between(Instant.EPOCH, instant).toNanos();
		return now + window - Math.floorMod(sinceEpoch, window);
	}

	private long used(long now) {
		return (now < this.end) ? this.used : 0;
	}

}
