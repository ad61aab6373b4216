package io.ratelimit;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;

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

	@ParameterizedTest
	@CsvSource(quoteCharacter = '|',
			value = { "10/1m burst 20,a burst belongs to algorithm token-bucket",
					"10/1m leaky-bucket max-wait 1s burst 20,a burst belongs to algorithm token-bucket",
					"10/1m max-wait 1s,a max-wait belongs to algorithm leaky-bucket",
					"10/day token-bucket calendar,a calendar belongs to algorithm fixed-window",
					"10/day zone UTC,a zone belongs to a calendar", "10/1m calendar,a calendar limit is <permits>/day",
					"10/day calendar zone Mars/North,'Mars/North' is not a time zone", "10/1m leaky-bucket,max-wait 0s",
					"10/1m token-bucket token-bucket,is one algorithm too many",
					"10/1m token-bucket burst,nothing stands behind", "10/1m token-bucket burst x,a burst of 'x'",
					"10/1m token-bucket fast,'fast' is not known there", "10/1m fast,'1m fast'",
					"10/1m name a/b,cannot be the name of a limit", "10/1m leaky-bucket max-wait 3,has no unit",
					"10/1m token-bucket burst 0,a burst of 0" })
	void optionsThatCannotWorkAreRefusedWithTheReason(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> Limit.valueOf(text))
			.withMessageContaining("'" + text + "' is not a limit")
			.withMessageContaining(reason);
	}

	@ParameterizedTest
	@CsvSource({ "50/1s token-bucket burst 200,50/1s token-bucket burst 200", "50/s TOKEN_BUCKET,50/1s token-bucket",
			"50 per second burst 200 token-bucket,50/1s token-bucket burst 200",
			"10/1s leaky-bucket max-wait PT2S,10/1s leaky-bucket max-wait 2s", "10/1m fixed-window,10/1m fixed-window",
			"10/1m sliding-window name fast,10/1m name fast", "1000/Month calendar,1000/month calendar",
			"7/week calendar zone Europe/Berlin name a.b,7/week calendar zone Europe/Berlin name a.b",
			"10/1d name calendar,10/1d name calendar" })
	void readsOptionsInAnyOrderAndWritesThemInOne(String text, String written) {
		assertThat(Limit.valueOf(text)).hasToString(written);
	}

	@Test
	void whatIsWrittenIsReadAsTheSameLimit() {
		Random random = new Random(42);
		for (int i = 0; i < 20_000; i++) {
			Limit limit = randomLimit(random);
			assertThat(Limit.valueOf(limit.toString())).as("%s", limit).isEqualTo(limit);
			assertThat(Limit.valuesOf(limit + ", " + limit)).containsExactly(limit, limit);
		}
	}

	private static Limit randomLimit(Random random) {
		long permits = 1 + (random.nextLong() >>> (15 + random.nextInt(48))) % Limit.MAX_PERMITS;
		long nanos = 1 + (random.nextLong() >>> (5 + random.nextInt(50))) % Duration.ofDays(3660).toNanos();
		Duration window = Duration.ofNanos(random.nextBoolean() ? nanos : roundedUp(nanos, random));
		String[] zones = { "UTC", "Z", "Europe/Berlin", "+05:45", "UTC+03:00", "America/Argentina/Ushuaia" };
		String name = random.nextBoolean() ? null : "n" + random.nextInt(1000) + ".-_".charAt(random.nextInt(3));
		try {
			return (switch (random.nextInt(5)) {
				case 0 -> SlidingWindow.of(permits, window);
				case 1 -> FixedWindow.of(permits, window);
				case 2 ->
					TokenBucket.of(permits, window, random.nextBoolean() ? permits : 1 + random.nextInt(1_000_000));
				case 3 -> LeakyBucket.of(permits, window, Duration.ofNanos(random.nextInt() & 0xffff_ffffL));
				default -> FixedWindow.of(permits,
						new CalendarWindow(List.of(CalendarWindow.Unit.values()).get(random.nextInt(3)),
								ZoneId.of(zones[random.nextInt(zones.length)])));
			}).withName(name);
		}
		catch (IllegalArgumentException ex) {
			return randomLimit(random); // a bucket that cannot be counted exactly
		}
	}

	private static long roundedUp(long nanos, Random random) {
		long unit = Duration.ofMillis(new long[] { 1, 1000, 60_000, 3_600_000, 86_400_000 }[random.nextInt(5)])
			.toNanos();
		return Math.min(Duration.ofDays(3660).toNanos(), (nanos + unit - 1) / unit * unit);
	}

	@Test
	void bucketsThatCannotBeCountedExactlyAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenBucket.of(Limit.MAX_PERMITS, Duration.ofDays(1)))
			.withMessageContaining("cannot be counted exactly");
		assertThat(TokenBucket.of(1_000_000_000, Duration.ofDays(1)).capacity()).isEqualTo(1_000_000_000);
	}

	@Test
	void capacityIsWhatOneClaimCanTake() {
		assertThat(Limit.valueOf("10/1s").capacity()).isEqualTo(10);
		assertThat(Limit.valueOf("10/1s token-bucket burst 50").capacity()).isEqualTo(50);
		assertThat(Limit.valueOf("10/1s leaky-bucket max-wait 250ms").capacity()).isEqualTo(3);
		assertThat(Limit.valueOf("10/1s leaky-bucket max-wait 0s").capacity()).isEqualTo(1);
		assertThat(LeakyBucket.of(1_000_000, Duration.ofDays(3650), Duration.ofDays(3650).dividedBy(1000)).capacity())
			.as("more than fits into a number on the way")
			.isEqualTo(1001);
	}

	@Test
	void aCalendarWindowIsNamedByItsUnit() {
		Limit limit = FixedWindow.of(1000, new CalendarWindow(CalendarWindow.Unit.MONTH, ZoneOffset.UTC));
		assertThat(limit).hasToString("1000/month calendar");
		assertThat(FixedWindow.of(7, new CalendarWindow(CalendarWindow.Unit.DAY, ZoneId.of("Europe/Berlin"))))
			.hasToString("7/day calendar zone Europe/Berlin");
		assertThat(limit.window()).isEqualTo(Duration.ofDays(31));
	}

}
