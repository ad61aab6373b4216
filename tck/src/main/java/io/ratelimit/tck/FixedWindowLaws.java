package io.ratelimit.tck;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.ratelimit.BoundPolicy;
import io.ratelimit.CalendarWindow;
import io.ratelimit.Decision;
import io.ratelimit.FixedWindow;
import io.ratelimit.Limit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never more permits than the limit between two boundaries, which are multiples of the
 * window since the epoch, or those of a calendar.
 */
abstract class FixedWindowLaws extends Laws {

	@ParameterizedTest
	@MethodSource("fixed")
	void neverGrantsMoreThanTheLimitBetweenTwoBoundaries(Limit limit) {
		FixedModel boundaries = (FixedModel) model(limit);
		play(limit, new Listener() {

			private Map<Long, Long> granted = new HashMap<>();

			@Override
			public void begin() {
				this.granted = new HashMap<>();
			}

			@Override
			public void claimed(long permits, Decision decision, String claim) {
				if (decision.allowed()) {
					long total = this.granted.merge(boundaries.nextBoundary(now()), permits, Long::sum);
					assertThat(total).as(claim).isLessThanOrEqualTo(limit.permits());
				}
			}

		});
	}

	@ParameterizedTest
	@MethodSource("fixed")
	void decidesLikeACountSinceTheLastBoundary(Limit limit) {
		play(limit, new ModelListener(this, limit));
	}

	@ParameterizedTest
	@ValueSource(strings = { "10/1s", "10/7m", "100/1d" })
	void boundariesAreMultiplesOfTheWindowSinceTheEpoch(String text) {
		Limit limit = Limit.valueOf(text + " fixed-window");
		long window = limit.window().toNanos();
		BoundPolicy limiter = limiter(limit);
		advance(window - Duration.between(Instant.EPOCH, clock().instant()).toNanos() % window - step());
		for (int i = 0; i < 3; i++) {
			assertThat(limiter.tryAcquire("key", 10).allowed()).isTrue();
			exhaust(limiter, "key");
			assertThat(limiter.tryAcquire("key").retryAfterNanos()).isEqualTo(step());
			advance(step());
			assertThat(limiter.tryAcquire("key", 10).allowed()).isTrue();
			exhaust(limiter, "key");
			assertThat(limiter.tryAcquire("key").retryAfterNanos()).isEqualTo(window);
			advance(2 * window - step());
		}
	}

	@ParameterizedTest
	@MethodSource("calendars")
	void calendarWindowsBeginAtLocalMidnight(CalendarWindow.Unit unit, ZoneId zone) {
		BoundPolicy limiter = limiter(FixedWindow.of(10, new CalendarWindow(unit, zone)));
		LocalDate next = first(unit, clock().instant().atZone(zone).toLocalDate());
		for (int i = 0; i < 14; i++) {
			LocalDate first = next;
			LocalDate end = after(unit, first);
			next = after(unit, end);
			advanceTo(first.atStartOfDay(zone).toInstant().minusNanos(step()));
			assertThat(exhaust(limiter, "key")).as("before %s", first).isEqualTo(10);
			assertThat(limiter.tryAcquire("key").retryAfterNanos()).as("before %s", first).isEqualTo(step());
			advance(step());
			assertThat(exhaust(limiter, "key")).as("at %s", first).isEqualTo(10);
			Duration length = Duration.between(first.atStartOfDay(zone), end.atStartOfDay(zone));
			assertThat(limiter.tryAcquire("key").retryAfterNanos()).as("at %s", first).isEqualTo(length.toNanos());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut" })
	void aDayOfDaylightSavingIsAsLongAsItsHours(ZoneId zone) {
		BoundPolicy limiter = limiter(FixedWindow.of(10, new CalendarWindow(CalendarWindow.Unit.DAY, zone)));
		for (int i = 0; i < 2; i++) {
			LocalDate day = zone.getRules().nextTransition(clock().instant()).getDateTimeBefore().toLocalDate();
			Instant begin = day.atStartOfDay(zone).toInstant();
			Duration length = Duration.between(begin, day.plusDays(1).atStartOfDay(zone));
			if (begin.isAfter(clock().instant()) && !length.equals(Duration.ofDays(1))) {
				advanceTo(begin);
				assertThat(exhaust(limiter, "key")).isEqualTo(10);
				assertThat(limiter.tryAcquire("key").retryAfterNanos()).as("%s", day).isEqualTo(length.toNanos());
				advance(length.minusNanos(step()));
				assertThat(limiter.tryAcquire("key").allowed()).as("%s", day).isFalse();
				advance(step());
				assertThat(exhaust(limiter, "key")).as("after %s", day).isEqualTo(10);
			}
			advance(Duration.ofDays(2));
		}
	}

	static Stream<Arguments> calendars() {
		return Stream.of(CalendarWindow.Unit.values())
			.flatMap((unit) -> Stream.of("UTC", "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu")
				.map((zone) -> Arguments.of(unit, ZoneId.of(zone))));
	}

	private void advanceTo(Instant instant) {
		advance(Duration.between(clock().instant(), instant));
	}

	private static LocalDate first(CalendarWindow.Unit unit, LocalDate day) {
		return switch (unit) {
			case DAY -> day.plusDays(2);
			case WEEK -> day.plusDays(1).with(TemporalAdjusters.next(DayOfWeek.MONDAY));
			case MONTH -> day.plusDays(1).with(TemporalAdjusters.firstDayOfNextMonth());
		};
	}

	private static LocalDate after(CalendarWindow.Unit unit, LocalDate first) {
		return switch (unit) {
			case DAY -> first.plusDays(1);
			case WEEK -> first.plusWeeks(1);
			case MONTH -> first.plusMonths(1);
		};
	}

}
