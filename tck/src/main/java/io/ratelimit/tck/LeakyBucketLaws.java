package io.ratelimit.tck;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Permits leave one at a time, at least a window divided by the permits after each other,
 * in the order in which they were claimed, and none has to wait longer than the longest
 * wait. A claim of several waits for the last of them.
 */
abstract class LeakyBucketLaws extends Laws {

	@ParameterizedTest
	@MethodSource("leakyBuckets")
	void permitsLeaveEvenlySpacedInTheOrderOfTheirClaims(Limit limit) {
		double interval = (double) limit.window().toNanos() / limit.permits();
		play(limit, new Listener() {

			private long departure = Long.MIN_VALUE;

			@Override
			public void begin() {
				this.departure = Long.MIN_VALUE;
			}

			@Override
			public void claimed(long permits, Decision decision, String claim) {
				if (decision.allowed()) {
					long last = now() + decision.delayNanos();
					if (this.departure != Long.MIN_VALUE) {
						assertThat((double) (last - this.departure)).as(claim)
							.isGreaterThan(permits * interval - step());
					}
					this.departure = last;
				}
			}

		});
	}

	@ParameterizedTest
	@MethodSource("leakyBuckets")
	void nothingWaitsLongerThanTheLongestWait(Limit limit) {
		play(limit, new Listener() {

			@Override
			public void begin() {
				// nothing is kept from claim to claim
			}

			@Override
			public void claimed(long permits, Decision decision, String claim) {
				assertThat(decision.delayNanos()).as(claim).isBetween(0L, ((LeakyBucket) limit).maxWait().toNanos());
			}

		});
	}

	@ParameterizedTest
	@MethodSource("leakyBuckets")
	void decidesLikeAQueueOfFractions(Limit limit) {
		play(limit, new ModelListener(this, limit));
	}

	@Test
	void theFirstLeavesAtOnceAndTheOthersQueueUp() {
		BoundPolicy limiter = limiter(Limit.valueOf("10/1s leaky-bucket max-wait 300ms"));
		assertThat(limiter.tryAcquire("key").delayNanos()).isZero();
		assertThat(limiter.tryAcquire("key").delayNanos()).isEqualTo(100_000_000);
		assertThat(limiter.tryAcquire("key", 2).delayNanos()).isEqualTo(300_000_000);
		assertThat(limiter.tryAcquire("key").retryAfterNanos()).isEqualTo(100_000_000);
	}

}
