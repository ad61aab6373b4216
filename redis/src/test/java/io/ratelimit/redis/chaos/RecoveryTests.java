package io.ratelimit.redis.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ratelimit.redis.chaos.Call.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The moment from which calls are counted again is found.
 */
class RecoveryTests {

	private static final long BEGIN = TimeUnit.SECONDS.toNanos(10);

	private static final long END = TimeUnit.SECONDS.toNanos(11);

	private final List<Call> calls = new ArrayList<>();

	@Test
	void whereAllWasCountedThereIsNothingToWaitFor() {
		add(9500, 13_000, Outcome.GRANTED);
		assertThat(recovery()).isEqualTo(Duration.ZERO);
	}

	@Test
	void whatWasNotCountedBeforeTheFaultDoesNotMatter() {
		add(9000, 9900, Outcome.UNCOUNTED);
		add(10_000, 13_000, Outcome.GRANTED);
		assertThat(recovery()).isEqualTo(Duration.ZERO);
	}

	@Test
	void theFirstGrantAfterTheLastFailureCounts() {
		add(9500, 10_000, Outcome.GRANTED);
		add(10_000, 12_500, Outcome.UNCOUNTED);
		add(12_500, 15_000, Outcome.GRANTED);
		assertThat(recovery()).isBetween(Duration.ofMillis(1500), Duration.ofMillis(1520));
	}

	@Test
	void refusalsAreNoProof() {
		add(10_000, 12_000, Outcome.UNCOUNTED);
		add(12_000, 13_000, Outcome.REFUSED);
		assertThat(recovery()).isNull();
		add(13_000, 14_000, Outcome.GRANTED);
		assertThat(recovery()).isBetween(Duration.ofMillis(2000), Duration.ofMillis(2020));
	}

	@Test
	void aGrantAmongFailuresIsNoRecovery() {
		add(10_000, 11_500, Outcome.UNCOUNTED);
		add(11_500, 11_520, Outcome.GRANTED);
		add(11_520, 13_000, Outcome.UNCOUNTED);
		add(13_000, 15_000, Outcome.GRANTED);
		assertThat(recovery()).isBetween(Duration.ofMillis(1990), Duration.ofMillis(2020));
	}

	@Test
	void aSingleFailureLaterIsOfABusyMachine() {
		add(10_000, 12_000, Outcome.UNCOUNTED);
		add(12_000, 13_000, Outcome.GRANTED);
		add(13_000, 13_010, Outcome.UNCOUNTED);
		add(13_010, 14_000, Outcome.GRANTED);
		assertThat(recovery()).isBetween(Duration.ofMillis(990), Duration.ofMillis(1020));
	}

	@Test
	void noCallsAreNoRecovery() {
		add(9500, 10_500, Outcome.UNCOUNTED);
		assertThat(recovery()).isNull();
	}

	/**
	 * Adds a call each hundredth of a second.
	 */
	private void add(long from, long to, Outcome outcome) {
		for (long i = from; i < to; i += 10) {
			this.calls.add(new Call(0, Traffic.LEDGER, 0, TimeUnit.MILLISECONDS.toNanos(i),
					TimeUnit.MILLISECONDS.toNanos(i + 10), outcome));
		}
	}

	private Duration recovery() {
		return Recovery.after(this.calls, BEGIN, END, 0.05);
	}

}
