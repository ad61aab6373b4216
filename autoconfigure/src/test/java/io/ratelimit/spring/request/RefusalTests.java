package io.ratelimit.spring.request;

import java.time.Duration;
import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a human reads of a refusal.
 */
class RefusalTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			PT0.001S     | 1 second
			PT50S        | 50 seconds
			PT119.5S     | 2 minutes
			PT2M         | 2 minutes
			PT2M1S       | 3 minutes
			PT59M59S     | 1 hour
			PT1H         | 1 hour
			PT1H0M1S     | 1 hour and 1 minute
			PT23H59M1S   | 1 day
			P1D          | 1 day
			P1DT1S       | 1 day and 1 hour
			PT329047S    | 3 days and 20 hours
			P29DT23H1S   | 30 days
			P3650D       | 3650 days
			""")
	void aLongWaitIsToldInTheUnitsOfHumans(Duration wait, String text) {
		Policy policy = Policy.of("api", Limit.valueOf("1/1h"));
		Decision denied = Decision.denied(policy, policy.limits().get(0), 0, wait.toNanos(), wait.toNanos(), null);
		assertThat(Refusal.of(List.of(denied), 429).detail())
			.isEqualTo("Too many requests; try again in " + text + ".");
	}

}
