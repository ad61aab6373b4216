package io.ratelimit;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LimitTests {

	@ParameterizedTest
	@CsvSource({ "100/1m,100,PT1M", "10/s,10,PT1S", "1000/day,1000,PT24H", "5/PT15M,5,PT15M", "100 per minute,100,PT1M",
			"1_000_000/1h,1000000,PT1H", " 3 / 500ms ,3,PT0.5S", "2/15 minutes,2,PT15M", "7/2w,7,PT336H",
			"1/10us,1,PT0.00001S", "1/1ns,1,PT0.000000001S", "9 PER 2 Hours,9,PT2H" })
	void readsWhatPeopleWrite(String text, long permits, Duration window) {
		assertThat(Limit.valueOf(text)).isEqualTo(Limit.of(permits, window));
	}

	@ParameterizedTest
	@CsvSource({ "100/1m,100/1m", "10/s,10/1s", "1000/day,1000/1d", "5/PT15M,5/15m", "1/90s,1/90s",
			"1/1500ms,1/1500ms" })
	void writesWhatItReads(String text, String written) {
		assertThat(Limit.valueOf(text)).hasToString(written);
		assertThat(Limit.valueOf(written)).isEqualTo(Limit.valueOf(text));
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '|', value = { "||,write <permits>/<window>", "100,write <permits>/<window>",
			"100/,write <permits>/<window>", "/1m,write <permits>/<window>", "-1/1m,write <permits>/<window>",
			"0/1m,at least 1", "1/0s,it must be longer than zero", "1/1fortnight,'fortnight' is not a unit of time",
			"1/month,a month has no fixed length", "1/PT,is not a unit of time", "1/PT1X,is not an ISO-8601 duration",
			"9999999999999999/1m,at most 999999999999999", "99999999999999999999/1m,at most 999999999999999",
			"1/99999999999999999999d,is too long", "1/11y,has no fixed length", "1/9999d,at most 3660 days" })
	void refusesWhatCannotWorkAndQuotesIt(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> Limit.valueOf(text))
			.withMessageContaining("'" + text + "' is not a limit")
			.withMessageContaining(reason);
	}

	@Test
	void propertiesOfOtherAlgorithmsAreRefused() {
		Limit limit = Limit.valueOf("10/1m");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Limit(10, limit.window(), Algorithm.SLIDING_WINDOW, 20, Duration.ZERO, null, null))
			.withMessageContaining("token-bucket");
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> new Limit(10, limit.window(), Algorithm.TOKEN_BUCKET, 10, Duration.ofSeconds(1), null, null))
			.withMessageContaining("leaky-bucket");
	}

	@Test
	void bucketsThatCannotBeCountedExactlyAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Limit.of(Limit.MAX_PERMITS, Duration.ofDays(1)).withBurst(Limit.MAX_PERMITS))
			.withMessageContaining("cannot be counted exactly");
		assertThat(Limit.of(1_000_000_000, Duration.ofDays(1)).withBurst(1_000_000_000).capacity())
			.isEqualTo(1_000_000_000);
	}

	@Test
	void capacityIsWhatOneClaimCanTake() {
		assertThat(Limit.valueOf("10/1s").capacity()).isEqualTo(10);
		assertThat(Limit.valueOf("10/1s").withBurst(50).capacity()).isEqualTo(50);
		assertThat(Limit.valueOf("10/1s").withMaxWait(Duration.ofMillis(250)).capacity()).isEqualTo(3);
		assertThat(Limit.valueOf("10/1s").withMaxWait(Duration.ZERO).capacity()).isEqualTo(1);
		assertThat(Limit.valueOf("1000000/3650d").withMaxWait(Duration.ofDays(3650).dividedBy(1000)).capacity())
			.as("more than fits into a number on the way")
			.isEqualTo(1001);
	}

	@Test
	void aCalendarWindowIsNamedByItsUnit() {
		Limit limit = Limit.of(1000, new CalendarWindow(CalendarWindow.Unit.MONTH, ZoneOffset.UTC));
		assertThat(limit).hasToString("1000/month calendar");
		assertThat(Limit.of(7, new CalendarWindow(CalendarWindow.Unit.DAY, ZoneId.of("Europe/Berlin"))))
			.hasToString("7/day calendar zone Europe/Berlin");
		assertThat(limit.window()).isEqualTo(Duration.ofDays(31));
	}

}
