package io.ratelimit.caffeine;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is known of resets.
 */
class ResetsTests {

	private final AtomicLong time = new AtomicLong(1);

	private final StoreClock standing = new StoreClock(() -> 0, Clock.systemUTC());

	private final StoreClock clock = new StoreClock(this.time::getAndIncrement, Clock.systemUTC());

	private final Resets resets = new Resets();

	@Test
	void whatWasTakenBeforeIsForgottenAndWhatWasTakenSinceIsNot() {
		long before = this.clock.now();
		this.resets.add("key", this.clock);
		assertThat(this.resets.haveForgotten("key", before)).isTrue();
		assertThat(this.resets.haveForgotten("other", before)).isFalse();
		assertThat(this.resets.haveForgotten("key", this.clock.now())).isFalse();
	}

	@Test
	void whatIsTakenWhileTheClockStandsStillIsNotForgotten() {
		this.resets.add("key", this.standing);
		assertThat(this.resets.haveForgotten("key", this.standing.now())).isFalse();
	}

	@Test
	void manyResetsAreNotToldApartAndForgetTooMuchRatherThanTooLittle() {
		long before = this.clock.now();
		for (int i = 0; i < 5000; i++) {
			this.resets.add("key" + i, this.clock);
		}
		for (int i = 0; i < 5000; i++) {
			assertThat(this.resets.haveForgotten("key" + i, before)).isTrue();
		}
		assertThat(this.resets.haveForgotten("key0", this.clock.now())).isFalse();
	}

}
