package io.ratelimit;

import java.io.Serial;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Counts from one boundary to the next: of the epoch, or of a {@link CalendarWindow}. Up
 * to twice the limit can pass around a boundary.
 */
public final class FixedWindow extends Limit {

	static final String ALGORITHM = "fixed-window";

	@Serial
	private static final long serialVersionUID = 1L;

	private final @Nullable CalendarWindow calendar;

	private FixedWindow(long permits, Duration window, @Nullable CalendarWindow calendar, @Nullable String name) {
		super(permits, window, name);
		this.calendar = calendar;
	}

	/**
	 * Returns a fixed window that is aligned to the epoch.
	 * @param permits permits per window
	 * @param window the time that the limit counts over
	 * @return the limit
	 */
	public static FixedWindow of(long permits, Duration window) {
		return new FixedWindow(permits, window, null, null);
	}

	/**
	 * Returns a fixed window that is aligned to a calendar.
	 * @param permits permits per day, week or month
	 * @param calendar the calendar window
	 * @return the limit
	 */
	public static FixedWindow of(long permits, CalendarWindow calendar) {
		Objects.requireNonNull(calendar, "calendar");
		return new FixedWindow(permits, calendar.unit().nominal(), calendar, null);
	}

	static Limit read(LimitWords words) {
		CalendarWindow calendar = words.calendar();
		return (calendar != null) ? of(words.permits(), calendar) : of(words.permits(), words.window());
	}

	/**
	 * Returns the calendar that the window is aligned to.
	 * @return the calendar, or {@code null} where it is aligned to the epoch
	 */
	public @Nullable CalendarWindow calendar() {
		return this.calendar;
	}

	@Override
	public String algorithm() {
		return ALGORITHM;
	}

	@Override
	public FixedWindow withName(@Nullable String name) {
		return new FixedWindow(permits(), window(), this.calendar, name);
	}

	@Override
	public String windowText() {
		return (this.calendar != null) ? this.calendar.unit().id() : super.windowText();
	}

	@Override
	public boolean countsLike(Limit other) {
		return super.countsLike(other) && other instanceof FixedWindow fixed
				&& Objects.equals(this.calendar, fixed.calendar);
	}

	@Override
	String options() {
		if (this.calendar == null) {
			return " " + ALGORITHM;
		}
		return this.calendar.zone().equals(ZoneOffset.UTC) ? " calendar"
				: " calendar zone " + this.calendar.zone().getId();
	}

}
