package io.ratelimit.tck;

import java.time.Duration;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never more permits than the limit in any interval of the window's length. Up to 64
 * permits the decisions are those of a log of every grant. Above that a store may count
 * in segments of a sixtieth of the window, rounded up to a step of its clock, and keep a
 * grant for up to one segment longer.
 */
abstract class SlidingWindowLaws extends Laws {

	private static final int SEGMENTS = 60;

	@ParameterizedTest
	@MethodSource({ "slidingUpTo64", "slidingAbove64" })
	void neverGrantsMoreThanTheLimitInAnyWindow(Limit limit) {
		play(limit, new Listener() {

			private GrantLog log = new GrantLog();

			@Override
			public void begin() {
				this.log = new GrantLog();
			}

			@Override
			public void claimed(long permits, Decision decision, String claim) {
				if (decision.allowed()) {
					this.log.add(now(), permits);
				}
			}

			@Override
			public void end(String trace) {
				assertThat(this.log.mostWithin(limit.window().toNanos())).as(trace)
					.isLessThanOrEqualTo(limit.permits());
			}

		});
	}

	@ParameterizedTest
	@MethodSource("slidingUpTo64")
	void decidesLikeALogOfEveryGrantUpTo64Permits(Limit limit) {
		play(limit, new ModelListener(this, limit));
	}

	@ParameterizedTest
	@MethodSource("slidingAbove64")
	void keepsAGrantNoLongerThanOneSegmentMoreThanTheLog(Limit limit) {
		play(limit, new Listener() {

			private Model exact = model(limit);

			private Model late = late(limit);

			@Override
			public void begin() {
				this.exact = model(limit);
				this.late = late(limit);
			}

			@Override
			public void claimed(long permits, Decision decision, String claim) {
				if (decision.allowed()) {
					this.exact.take(permits, now());
					this.late.take(permits, now());
				}
				assertThat(decision.remaining()).as("remaining: " + claim)
					.isBetween(this.late.remaining(now()), this.exact.remaining(now()));
				if (decision.remaining() < limit.permits()) {
					long more = decision.remaining() + 1;
					assertThat(decision.resetAfterNanos()).as("reset: " + claim)
						.isBetween(this.exact.retryAfter(more, now()), this.late.retryAfter(more, now()));
				}
				if (!decision.allowed()) {
					assertThat(decision.retryAfterNanos()).as("retry: " + claim)
						.isPositive()
						.isBetween(this.exact.retryAfter(permits, now()), this.late.retryAfter(permits, now()));
				}
			}

		});
	}

	@ParameterizedTest
	@MethodSource("slidingAbove64")
	void grants98PercentOfTheLimitPerWindowWhenSaturated(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		long window = limit.window().toNanos();
		for (Pace pace : Pace.values()) {
			long portion = (pace == Pace.ALL_AT_ONCE) ? limit.permits() : Math.max(1, limit.permits() / 200);
			long granted = 0;
			long interval = (long) ((double) window / limit.permits() * portion);
			long begin = now();
			while (now() - begin < 12 * window) {
				Decision decision = limiter.tryAcquire(pace.name(), portion);
				granted += decision.allowed() ? portion : 0;
				assertThat(granted).as("%s at %s", limit, pace).isLessThanOrEqualTo(13 * limit.permits());
				assertThat(decision.allowed() || decision.retryAfterNanos() > 0).as("%s", decision).isTrue();
				long pause = interval / ((pace == Pace.TWICE_THE_RATE) ? 2 : 1) / step() * step();
				advance(switch (pace) {
					case ALL_AT_ONCE, WHEN_TOLD -> decision.retryAfterNanos();
					case TWICE_THE_RATE, THE_RATE -> pause;
				});
			}
			long possible = limit.permits() / 100 * 12 + limit.permits() % 100 * 12 / 100;
			assertThat(granted).as("%s at %s", limit, pace).isGreaterThanOrEqualTo(98 * possible);
		}
	}

	@ParameterizedTest
	@MethodSource({ "slidingUpTo64", "slidingAbove64" })
	void aBurstAtAnyPhaseOfTheWindowLeavesNothingForTheRestOfIt(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		long window = limit.window().toNanos();
		long segment = segment(limit);
		for (int phase = 0; phase <= SEGMENTS; phase++) {
			for (int edge = -1; edge <= 1; edge++) {
				String key = phase + "/" + edge;
				assertThat(limiter.tryAcquire(key).allowed()).isTrue();
				advance(2 * window + phase * segment + edge * step());
				assertThat(limiter.tryAcquire(key, limit.permits()).allowed()).as("burst at segment %s", key).isTrue();
				advance(window / 3 / step() * step());
				assertThat(limiter.tryAcquire(key).allowed()).as("a third after the burst at segment %s", key)
					.isFalse();
				advance(window - step() - window / 3 / step() * step());
				assertThat(limiter.tryAcquire(key).allowed()).as("one step before the end, segment %s", key).isFalse();
				advance(step() + slack(limit));
				assertThat(limiter.tryAcquire(key, limit.permits()).allowed()).as("a window after the burst at %s", key)
					.isTrue();
			}
		}
	}

	@Test
	void countsInWindowsOfLessStepsThanSegments() {
		Limit limit = Limit.of(100, clock().resolution().multipliedBy(50));
		GrantLog log = new GrantLog();
		BoundPolicy limiter = limiter(limit);
		for (int i = 0; i < 400; i++) {
			if (limiter.tryAcquire("key", 3).allowed()) {
				log.add(now(), 3);
			}
			advance(step());
		}
		assertThat(log.mostWithin(limit.window().toNanos())).isBetween(97L, 100L);
	}

	private Model late(Limit limit) {
		Duration window = limit.window().plusNanos(slack(limit));
		return model(Limit.of(limit.permits(), window));
	}

	private long slack(Limit limit) {
		return (limit.permits() <= 64) ? 0 : segment(limit) + SEGMENTS * step();
	}

	private long segment(Limit limit) {
		long steps = limit.window().toNanos() / step();
		return (steps + SEGMENTS - 1) / SEGMENTS * step();
	}

	private enum Pace {

		ALL_AT_ONCE, WHEN_TOLD, TWICE_THE_RATE, THE_RATE

	}

}
