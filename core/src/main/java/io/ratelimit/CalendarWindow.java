package io.ratelimit;

import java.io.Serializable;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Objects;

/**
 * A window that starts and ends where people expect a bill to: at midnight, on a Monday,
 * on the first of a month.
 *
 * @param unit what the window spans
 * @param zone the zone whose midnight counts
 */
public record CalendarWindow(Unit unit, ZoneId zone) implements Serializable {

	public CalendarWindow {
		Objects.requireNonNull(unit, "unit");
		Objects.requireNonNull(zone, "zone");
	}

	/**
	 * Returns the start of the window that a moment falls into.
	 * @param moment any moment
	 * @return the first moment of that window, in this window's zone
	 */
	public ZonedDateTime startAt(ZonedDateTime moment) {
		LocalDate day = moment.withZoneSameInstant(this.zone).toLocalDate();
		LocalDate first = switch (this.unit) {
			case DAY -> day;
			case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
			case MONTH -> day.withDayOfMonth(1);
		};
		return first.atStartOfDay(this.zone);
	}

	/**
	 * Returns the start of the window that follows the one a moment falls into.
	 * @param moment any moment
	 * @return the first moment after that window, in this window's zone
	 */
	public ZonedDateTime endAt(ZonedDateTime moment) {
		LocalDate first = startAt(moment).toLocalDate();
		LocalDate next = switch (this.unit) {
			case DAY -> first.plusDays(1);
			case WEEK -> first.plusWeeks(1);
			case MONTH -> first.plusMonths(1);
		};
		return next.atStartOfDay(this.zone);
	}

	/**
	 * Span of a {@link CalendarWindow}.
	 */
	public enum Unit {

		/** From midnight to midnight. */
		DAY(Duration.ofDays(1)),

		/** From Monday to Monday. */
		WEEK(Duration.ofDays(7)),

		/** From the first of a month to the first of the next. */
		MONTH(Duration.ofDays(31));

		private final Duration nominal;

		Unit(Duration nominal) {
			this.nominal = nominal;
		}

		/**
		 * Returns the length that stands for this unit where a single number is asked
		 * for: its longest, less any change of daylight saving time.
		 * @return the nominal length
		 */
		public Duration nominal() {
			return this.nominal;
		}

		/**
		 * Returns the name as it stands in configuration: {@code month}.
		 * @return the lower-case name
		 */
		public String id() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
