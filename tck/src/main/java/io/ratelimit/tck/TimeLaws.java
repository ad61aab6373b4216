package io.ratelimit.tck;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.ratelimit.BoundPolicy;
import io.ratelimit.CalendarWindow;
import io.ratelimit.Decision;
import io.ratelimit.FixedWindow;
import io.ratelimit.Limit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Time that stands still, or whose reading overflows, breaks nothing; however long it
 * passes, a limit is never more than full; and what was used is remembered to the last
 * moment.
 */
abstract class TimeLaws extends Laws {

	@ParameterizedTest
	@MethodSource("everyLimit")
	void nothingComesBackWhileTimeStandsStill(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
		Decision refusal = limiter.tryAcquire("key");
		for (int i = 0; i < 1000; i++) {
			assertThat(limiter.tryAcquire("key")).isEqualTo(refusal);
		}
		assertThat(refusal.remaining()).isZero();
		assertThat(refusal.retryAfterNanos()).isPositive();
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void aClockAtAnyReadingCountsTheSame(Limit limit) {
		long window = limit.window().toNanos();
		long[] expected = claims(limit);
		long[] origins = { 0, -1, -window, Long.MIN_VALUE, Long.MIN_VALUE + window, Long.MAX_VALUE, Long.MAX_VALUE - 1,
				Long.MAX_VALUE - window / 2, Long.MAX_VALUE - window, Long.MAX_VALUE - 2 * window, Long.MAX_VALUE / 2 };
		for (long origin : origins) {
			long begin = now();
			closeStore();
			// the wall time has gone on, so that fixed windows are met at the same phase
			long phase = Duration.ofDays(1).toNanos() * 7;
			advance((begin + phase - 1) / phase * phase - begin);
			if (!clock().startAt(origin)) {
				openStore();
				return; // its own reading has been tried
			}
			openStore();
			assertThat(claims(limit)).as("%s, from %d", limit, origin).isEqualTo(expected);
		}
	}

	/**
	 * Plays one fixed trace of about three windows, which keeps to the limit.
	 * @return what was left after each claim, or minus the wait if it was refused
	 */
	private long[] claims(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		Model model = model(limit);
		long pause = limit.window().toNanos() / 23 / step() * step();
		return LongStream.range(0, 70).map((i) -> {
			long permits = 1 + limit.capacity() / 5 * (i % 3);
			Decision decision = limiter.tryAcquire("key", permits);
			if (decision.allowed()) {
				assertThat(model.retryAfter(permits, now())).as("%s, claim %d", limit, i).isZero();
				model.take(permits, now());
			}
			advance(pause);
			return decision.allowed() ? decision.remaining() : -decision.retryAfterNanos();
		}).toArray();
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void idleTimeBanksNothingBeyondAFullLimit(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		Duration window = limit.window();
		for (Duration idle : new Duration[] { window.multipliedBy(6), window.multipliedBy(100), Duration.ofDays(400),
				Duration.ofDays(3650) }) {
			assertThat(exhaust(limiter, "key")).as("%s", idle).isEqualTo(limit.capacity());
			assertThat(limiter.tryAcquire("key").allowed()).as("%s", idle).isFalse();
			advance(idle);
			assertThat(limiter.peek("key").remaining()).as("%s", idle).isEqualTo(limit.capacity());
			assertThat(limiter.peek("never used").remaining()).as("%s", idle).isEqualTo(limit.capacity());
		}
	}

	@ParameterizedTest
	@MethodSource({ "everyLimit", "longWindows" })
	void remembersToTheLastMomentWhileOthersComeAndGo(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		Model model = model(limit);
		advance(limit.window().toNanos() / 7 / step() * step());
		assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
		model.take(limit.capacity(), now());
		long retryAfter = limiter.tryAcquire("key", limit.capacity()).retryAfterNanos();
		assertThat(retryAfter).isGreaterThanOrEqualTo(model.retryAfter(limit.capacity(), now()));
		long pause = retryAfter / 50 / step() * step();
		for (int i = 0; i < 49; i++) {
			advance(pause);
			for (int j = 0; j < 10; j++) {
				limiter.tryAcquire("other-" + i + "-" + j);
			}
			if (i % 7 == 0) {
				assertThat(limiter.peek("key").remaining()).as("after %d of 50", i).isLessThan(limit.capacity());
			}
		}
		advance(retryAfter - 49 * pause - step());
		assertThat(limiter.tryAcquire("key", limit.capacity()).retryAfterNanos()).isEqualTo(step());
		advance(step());
		assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
	}

	static Stream<Limit> longWindows() {
		Limit monthly = FixedWindow.of(100, new CalendarWindow(CalendarWindow.Unit.MONTH, ZoneOffset.UTC));
		return Stream.concat(limits("10/30d", "1000/30d", "50/3660d", "100/3660d"),
				Stream.of(monthly, Limit.valueOf("100/30d token-bucket burst 100")));
	}

}
