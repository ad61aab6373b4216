package io.ratelimit.redis;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that fails is asked less and less, and at once when it answers.
 */
class BreakerTests {

	private long nanos = Long.MAX_VALUE - 10;

	private final Breaker breaker = new Breaker(() -> this.nanos);

	@Test
	void failuresInARowKeepEverybodyOut() {
		for (int i = 0; i < 5; i++) {
			assertThat(this.breaker.admits()).isTrue();
			this.breaker.failed();
		}
		assertThat(this.breaker.admits()).isFalse();
	}

	@Test
	void anAnswerInBetweenStartsTheCountAnew() {
		for (int i = 0; i < 50; i++) {
			this.breaker.failed();
			if (i % 5 == 3) {
				this.breaker.succeeded();
			}
			assertThat(this.breaker.admits()).isTrue();
		}
	}

	@Test
	void onePerPauseIsLetThroughAndPausesGrowToASecond() {
		fail(5);
		for (long millis : new long[] { 100, 200, 400, 800, 1000, 1000, 1000 }) {
			pass(Duration.ofMillis(millis).minusNanos(1));
			assertThat(this.breaker.admits()).isFalse();
			pass(Duration.ofNanos(1));
			assertThat(this.breaker.admits()).isTrue();
			assertThat(this.breaker.admits()).isFalse();
			fail(1);
		}
	}

	@Test
	void anAnswerToTheTryLetsEverybodyIn() {
		fail(5);
		pass(Duration.ofMillis(100));
		assertThat(this.breaker.admits()).isTrue();
		this.breaker.succeeded();
		fail(4);
		assertThat(this.breaker.admits()).isTrue();
		fail(1);
		pass(Duration.ofMillis(99));
		assertThat(this.breaker.admits()).isFalse();
		pass(Duration.ofMillis(1));
		assertThat(this.breaker.admits()).isTrue();
	}

	@Test
	void failuresOfCallsFromBeforeDoNotLengthenThePause() {
		fail(50);
		pass(Duration.ofMillis(100));
		assertThat(this.breaker.admits()).isTrue();
	}

	@Test
	void aTryThatNobodyHearsOfIsFollowedByAnother() {
		fail(5);
		pass(Duration.ofMillis(100));
		assertThat(this.breaker.admits()).isTrue();
		pass(Duration.ofMillis(100));
		assertThat(this.breaker.admits()).isTrue();
	}

	private void fail(int times) {
		for (int i = 0; i < times; i++) {
			this.breaker.failed();
		}
	}

	private void pass(Duration duration) {
		this.nanos += duration.toNanos();
	}

}
