package io.ratelimit.it.tests;

import java.time.Duration;
import java.util.List;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStore;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.test.RateLimitTester;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The time of a store that goes by its own cannot be turned, and that is said.
 */
@SpringBootTest
class OtherTimeTests {

	@Autowired
	RateLimitTester limits;

	@Test
	void timeThatIsNotTurnedIsSaid() {
		String message = "limits are counted in Elsewhere, which goes by its own time: set ratelimit.store=caffeine";
		assertThatIllegalStateException().isThrownBy(() -> this.limits.advance(Duration.ofMinutes(1)))
			.withMessageStartingWith(message);
		assertThatIllegalStateException().isThrownBy(this.limits::stopTime).withMessageStartingWith(message);
		this.limits.exhaust("quotes", "127.0.0.1");
	}

	@TestConfiguration
	static class Stores {

		@Bean
		RateLimitStore elsewhere() {
			return new Elsewhere();
		}

	}

	static final class Elsewhere implements RateLimitStore {

		private final RateLimitStore store = CaffeineRateLimitStore.builder().build();

		@Override
		public BoundPolicy bind(Policy policy) {
			return this.store.bind(policy);
		}

		@Override
		public List<Decision> tryAcquireAll(List<BoundClaim> claims) {
			return this.store.tryAcquireAll(claims);
		}

		@Override
		public void close() {
			this.store.close();
		}

	}

}
