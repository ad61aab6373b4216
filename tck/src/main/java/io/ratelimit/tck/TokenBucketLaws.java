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
 * In any interval never more permits than the burst and what flows in meanwhile, and not
 * a fraction of one is lost or made by rounding.
 */
abstract class TokenBucketLaws extends Laws {

	@ParameterizedTest
	@MethodSource("tokenBuckets")
	void neverGrantsMoreThanTheBurstAndWhatFlowsIn(Limit limit) {
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
				assertThat(this.log.mostBeyond(limit.permits(), limit.window().toNanos())).as(trace)
					.isLessThanOrEqualTo(limit.capacity());
			}

		});
	}

	@ParameterizedTest
	@MethodSource("tokenBuckets")
	void decidesLikeABucketOfFractions(Limit limit) {
		play(limit, new ModelListener(this, limit));
	}

	@Test
	void fractionsOfAPermitAddUp() {
		Limit limit = Limit.valueOf("7/1s token-bucket burst 5");
		BoundPolicy limiter = limiter(limit);
		long granted = 0;
		long begin = now();
		while (now() - begin < Duration.ofSeconds(100).toNanos()) {
			Decision decision = limiter.tryAcquire("key");
			granted += decision.allowed() ? 1 : 0;
			assertThat(granted).isLessThan(5 + 100 * 7);
			assertThat(decision.allowed() || decision.retryAfterNanos() > 0).as("%s", decision).isTrue();
			advance(decision.retryAfterNanos());
		}
		assertThat(granted).isEqualTo(5 + 100 * 7 - 1);
	}

}
