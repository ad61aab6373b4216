package io.ratelimit;

import java.time.ZoneId;
import java.time.ZonedDateTime;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CalendarWindowTests {

	@ParameterizedTest
	@CsvSource({ "DAY,2026-03-29T12:00:00Z,2026-03-29T00:00+01:00,2026-03-30T00:00+02:00",
			"DAY,2026-10-24T22:00:00Z,2026-10-25T00:00+02:00,2026-10-26T00:00+01:00",
			"WEEK,2026-11-22T22:59:59Z,2026-11-16T00:00+01:00,2026-11-23T00:00+01:00",
			"WEEK,2026-11-22T23:00:00Z,2026-11-23T00:00+01:00,2026-11-30T00:00+01:00",
			"MONTH,2028-02-29T23:30:00Z,2028-03-01T00:00+01:00,2028-04-01T00:00+02:00",
			"MONTH,2026-12-31T12:00:00Z,2026-12-01T00:00+01:00,2027-01-01T00:00+01:00" })
	void windowsFollowTheCalendarOfTheZone(CalendarWindow.Unit unit, String moment, String start, String end) {
		CalendarWindow window = new CalendarWindow(unit, ZoneId.of("Europe/Berlin"));
		ZonedDateTime time = ZonedDateTime.parse(moment);
		assertThat(window.startAt(time).toOffsetDateTime()).hasToString(start);
		assertThat(window.endAt(time).toOffsetDateTime()).hasToString(end);
	}

}
