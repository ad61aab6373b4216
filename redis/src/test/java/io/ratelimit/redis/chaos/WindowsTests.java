package io.ratelimit.redis.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ratelimit.redis.chaos.Call.Outcome;
import io.ratelimit.redis.chaos.Incident.Span;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A judge of grants finds one too many, and none where there may be none.
 */
class WindowsTests {

	private static final int FEW = 20;

	private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);

	private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(1);

	@Test
	void asManyAsTheLimitAreNoViolation() {
		assertThat(violations(grants(FEW, 0), List.of())).isEmpty();
	}

	@Test
	void oneTooManyIsAViolation() {
		assertThat(violations(grants(FEW + 1, 0), List.of()))
			.containsExactly("few of %s: 21 in a window that holds 20".formatted(key()));
	}

	@Test
	void refusalsAndUncountedCallsAreNoGrants() {
		List<Call> calls = grants(FEW, 0);
		calls.add(new Call(0, Traffic.FEW, 0, SHORT, 2 * SHORT, Outcome.REFUSED));
		calls.add(new Call(0, Traffic.FEW, 0, SHORT, 2 * SHORT, Outcome.UNCOUNTED));
		assertThat(violations(calls, List.of())).isEmpty();
	}

	@Test
	void aGrantThatMayBeOutsideOfTheWindowIsNotProven() {
		List<Call> calls = grants(FEW, 0);
		calls.add(new Call(0, Traffic.FEW, 0, FEW * SHORT, WINDOW + SHORT, Outcome.GRANTED));
		assertThat(violations(calls, List.of())).isEmpty();
	}

	@Test
	void theNextWindowIsAnother() {
		List<Call> calls = grants(FEW, 0);
		calls.addAll(grants(FEW, WINDOW));
		assertThat(violations(calls, List.of())).isEmpty();
	}

	@Test
	void whatIsLostIsNotCounted() {
		List<Call> calls = grants(FEW, 0);
		calls.addAll(grants(FEW, 100 * SHORT));
		assertThat(violations(calls, List.of())).hasSize(1);
		assertThat(violations(calls, List.of(new Span(50 * SHORT, 90 * SHORT)))).isEmpty();
	}

	@Test
	void aWindowAfterALossHoldsNoMoreThanAnyOther() {
		assertThat(violations(grants(FEW + 1, 100 * SHORT), List.of(new Span(50 * SHORT, 90 * SHORT)))).hasSize(1);
	}

	@Test
	void aPairTakesPermitsOfBothKeys() {
		List<Call> calls = new ArrayList<>();
		for (int i = 0; i < FEW + 1; i++) {
			calls.add(new Call(0, Traffic.SLOT_PAIR, 0, i * SHORT, (i + 1) * SHORT, Outcome.GRANTED));
		}
		assertThat(violations(calls, List.of())).hasSize(1);
	}

	private static List<Call> grants(int number, long from) {
		List<Call> calls = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			long begin = from + i * SHORT;
			calls.add(new Call(i % 2, Traffic.FEW, 0, begin, begin + SHORT, Outcome.GRANTED));
		}
		return calls;
	}

	private static String key() {
		return Traffic.FEW.requests().get(0).get(0).key();
	}

	private static List<String> violations(List<Call> calls, List<Span> losses) {
		return Windows.violations(calls, losses);
	}

}
