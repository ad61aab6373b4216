package io.ratelimit.tck;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FakeTickerTests {

	private final Instant start = Instant.parse("2026-03-29T00:59:59Z");

	@Test
	void standsStillUntilItIsTurned() {
		FakeTicker ticker = new FakeTicker(this.start, Duration.ofNanos(1));
		Clock clock = ticker.wallClock();
		assertThat(ticker.nanos()).isEqualTo(ticker.nanos());
		assertThat(clock.instant()).isEqualTo(this.start);
		ticker.advance(Duration.ofNanos(1_000_000_001));
		assertThat(ticker.nanos()).isEqualTo(1_000_000_001);
		assertThat(ticker.instant()).isEqualTo(this.start.plusNanos(1_000_000_001));
		assertThat(clock.instant()).isEqualTo(ticker.instant());
		assertThat(clock.withZone(ZoneId.of("Europe/Berlin")).instant()).isEqualTo(ticker.instant());
	}

	@Test
	void overflowsWhileWallTimeGoesOn() {
		FakeTicker ticker = new FakeTicker(this.start, Duration.ofNanos(1));
		ticker.advance(Duration.ofSeconds(5));
		assertThat(ticker.startAt(Long.MAX_VALUE)).isTrue();
		assertThat(ticker.nanos()).isEqualTo(Long.MAX_VALUE);
		ticker.advance(Duration.ofNanos(1));
		assertThat(ticker.nanos()).isEqualTo(Long.MIN_VALUE);
		assertThat(ticker.instant()).isEqualTo(this.start.plusNanos(5_000_000_001L));
	}

	@Test
	void isNotTurnedBackOrByLessThanItShows() {
		FakeTicker ticker = new FakeTicker(this.start, Duration.ofNanos(1000));
		assertThatIllegalArgumentException().isThrownBy(() -> ticker.advance(Duration.ofNanos(-1000)));
		assertThatIllegalArgumentException().isThrownBy(() -> ticker.advance(Duration.ofNanos(1500)))
			.withMessageContaining("PT0.000001S");
		assertThat(ticker.instant()).isEqualTo(this.start);
	}

}
