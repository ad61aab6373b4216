package io.ratelimit.caffeine;

import java.time.Clock;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a thread finds that still works with a policy that was replaced.
 */
class GenerationTests {

	private final StoreClock clock = new StoreClock(Ticker.systemTicker(), Clock.systemUTC());

	private final CaffeinePolicy limiter = new CaffeinePolicy(policy("3/1m"), 0, this.clock,
			(counter) -> new Cells(counter, this.clock, 100, (atLimit) -> {
			}), new BoundPolicies());

	@Test
	void aGenerationThatWasWithdrawnFromGivesNobodyACellToUse() {
		this.limiter.tryAcquire("k", 3);
		this.limiter.replace(policy("4/1m"));
		Generation stale = this.limiter.generation();
		this.limiter.replace(policy("5/1m"));
		this.limiter.tryAcquire("another", 1);
		assertThat(stale.cell("k").lock()).isFalse();
		assertThat(this.limiter.peek("k").remaining()).isEqualTo(2);
	}

	private static Policy policy(String limit) {
		return Policy.of("api", Limit.valueOf(limit));
	}

}
