package io.ratelimit.spring.autoconfigure;

import java.time.Duration;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Numbers and times that are not what they look like.
 */
class WrittenNumberTests {

	private final WrittenConfiguration written = new WrittenConfiguration();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			window: 60          | '60' has no unit: write 60s for seconds
			window: "60"        | '60' has no unit
			window: 1:30        | YAML reads 1:30 as the number 90
			window: 24:00:00    | YAML reads 24:00:00 as the number 86400
			window: "1:30"      | '1:30' is not a time such as 90s, 1m or PT1M30S
			window: 1M          | M could be a minute or a month
			window: 1y          | a year has no fixed length; write 365d
			window: 1m30s       | '1m30s' is not a time
			window: 1 fortnight | 'fortnight' is not a unit of time
			window: P1X         | 'P1X' is not an ISO-8601 duration such as PT15M
			permits: 010        | YAML reads 010 as the number 8
			permits: 1:30       | YAML reads 1:30 as the number 90
			permits: 2.9        | it is not a whole number
			permits: many       | it is not a number
			max-wait: 5         | '5' has no unit
			""")
	void aNumberThatIsNotWhatItLooksLikeStopsTheStart(String property, String message) {
		this.written.yaml("ratelimit.policies.api.limits: [{" + property + "}]");
		this.written.assertStops("ratelimit.policies.api.limits[0]." + property.substring(0, property.indexOf(':')),
				message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			value = { "10/1M | M could be a minute or a month", "10/60 | '60' has no unit",
					"10/1y | a year has no fixed length", "10/2months | a month has no fixed length",
					"10/1:30 | '1:30' is not a time" })
	void aWindowThatIsNotWhatItLooksLikeStopsTheStart(String limit, String message) {
		this.written.yaml("ratelimit.policies.api.limits: " + limit);
		this.written.assertStops("ratelimit.policies.api.limits", "'" + limit + "' is not a limit: " + message);
	}

	@Test
	void aTimeoutNeedsItsUnitToo() {
		this.written.variables("RATELIMIT_REDIS_TIMEOUT=50");
		this.written.assertStops("RATELIMIT_REDIS_TIMEOUT", "'50' has no unit: write 50s for seconds");
	}

	@ParameterizedTest
	@CsvSource({ "1m, PT1M", "500ms, PT0.5S", "PT1M30S, PT1M30S", "1 h, PT1H", "2W, PT336H", "day, PT24H" })
	void aWindowWithItsUnitIsRead(String window, Duration expected) {
		this.written.yaml("ratelimit.policies.api.limits: [{permits: 1_000, window: " + window + "}]");
		assertThat(this.written.policies()).containsExactly(Policy.of("api", Limit.of(1000, expected)));
	}

}
