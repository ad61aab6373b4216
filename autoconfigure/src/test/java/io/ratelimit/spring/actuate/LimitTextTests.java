package io.ratelimit.spring.actuate;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

import io.ratelimit.Algorithm;
import io.ratelimit.CalendarWindow;
import io.ratelimit.Limit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LimitTextTests {

	static Stream<Limit> limits() {
		Limit limit = Limit.of(50, Duration.ofMillis(1500));
		CalendarWindow month = new CalendarWindow(CalendarWindow.Unit.MONTH, ZoneOffset.UTC);
		CalendarWindow week = new CalendarWindow(CalendarWindow.Unit.WEEK, ZoneId.of("Europe/Berlin"));
		return Stream
			.of(limit, limit.withAlgorithm(Algorithm.FIXED_WINDOW), limit.withAlgorithm(Algorithm.TOKEN_BUCKET),
					limit.withBurst(200), limit.withAlgorithm(Algorithm.LEAKY_BUCKET),
					limit.withMaxWait(Duration.ofMillis(2500)), limit.withMaxWait(Duration.ofNanos(1)),
					Limit.of(1000, month), Limit.of(7, week), Limit.of(Limit.MAX_PERMITS, Duration.ofDays(3660)),
					Limit.of(1, Duration.ofNanos(1)))
			.flatMap((each) -> Stream.of(each, each.withName("calendar"), each.withName("a.b-c_9")));
	}

	@ParameterizedTest
	@MethodSource("limits")
	void whatIsWrittenIsRead(Limit limit) {
		assertThat(LimitText.parse(LimitText.of(limit))).containsExactly(limit);
	}

	@Test
	void severalLimitsAreSeparatedByCommas() {
		assertThat(LimitText.parse("10 per second, 1_000/1h token-bucket burst 2_000"))
			.containsExactly(Limit.valueOf("10/s"), Limit.valueOf("1000/1h").withBurst(2000));
	}

	@Test
	void whatFollowsCanStandInAnyOrder() {
		assertThat(LimitText.parse("50/1s name b burst 200 token-bucket"))
			.isEqualTo(List.of(Limit.valueOf("50/1s").withBurst(200).withName("b")));
		assertThat(LimitText.parse("5/day name b zone Europe/Berlin calendar")).isEqualTo(List
			.of(Limit.of(5, new CalendarWindow(CalendarWindow.Unit.DAY, ZoneId.of("Europe/Berlin"))).withName("b")));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			fast                            | 'fast' is not a limit: write <permits>/<window>
			``                              | '' is not a limit
			0/1m                            | a limit of 0 permits: at least 1
			100/1m brust 5                  | '1m brust 5' is not a time
			100/1m token-bucket brust 5     | 'brust' is not known there
			100/1m burst 200                | a burst belongs to algorithm token-bucket
			100/1m token-bucket burst       | nothing stands behind burst
			100/1m token-bucket burst many  | 'many' is not a number
			100/1m max-wait 5s              | a max-wait belongs to algorithm leaky-bucket
			100/1m leaky-bucket max-wait x  | 'x' is not a unit of time
			100/1m token-bucket fixed-window| 'fixed-window' is one algorithm too many
			100/1m name a name b            | 'name' is one name too many
			100/1m name a/b                 | 'a/b' cannot be the name of a limit
			100/1m calendar                 | a calendar limit is <permits>/day, /week or /month
			100/month calendar sliding-window | a calendar belongs to algorithm fixed-window
			100/month calendar zone Nowhere | Nowhere
			100/1m zone Europe/Berlin       | a zone belongs to a calendar
			""")
	void whatIsNoLimitIsQuotedWithTheReason(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> LimitText.parse(text))
			.withMessageContaining("'" + text + "' is not a limit")
			.withMessageContaining(reason)
			.withMessageContaining("burst N, max-wait TIME");
	}

	@ParameterizedTest
	@ValueSource(strings = { "10/1s,", ",10/1s", "10/1s,,5/1s" })
	void nothingBetweenCommasIsNoLimit(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> LimitText.parse(text));
	}

}
