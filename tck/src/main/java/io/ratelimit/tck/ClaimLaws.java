package io.ratelimit.tck;

import java.util.concurrent.CompletionStage;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * A claim is granted whole or refused. A refusal takes nothing and leaves no trace, and
 * it says exactly when to come back.
 */
abstract class ClaimLaws extends Laws {

	@ParameterizedTest
	@MethodSource("everyLimit")
	void anUnusedKeyHasItsWholeLimit(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		assertThat(limiter.policy()).isEqualTo(policy(limit));
		assertThat(limiter.peek("key")).isEqualTo(Decision.allowed(policy(limit), limit, limit.capacity(), 0, 0));
		assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
		assertThat(limiter.tryAcquire("key").allowed()).isFalse();
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void aRefusalLeavesNoTraceHoweverOften(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		play(limit, (trace, traffic) -> {
			String hammered = trace + ", hammered";
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims() / 2; i++) {
				advance(traffic.pause(last));
				for (int j = 0; j < 3; j++) {
					long tooMany = limiter.peek(trace).remaining() + 1 + j;
					assertThat(limiter.tryAcquire(hammered, tooMany).allowed()).as(trace).isFalse();
				}
				limiter.tryAcquire(hammered, limit.capacity() + 1);
				long permits = traffic.permits(last);
				last = limiter.tryAcquire(trace, permits);
				assertThat(limiter.tryAcquire(hammered, permits)).as("%s, claim %d", trace, i).isEqualTo(last);
			}
		});
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void isRefusedUntilExactlyRetryAfterAndAllowedAtIt(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		play(limit, (trace, traffic) -> {
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims() / 2; i++) {
				advance(traffic.pause(last));
				long permits = Math.min(traffic.permits(last), limit.capacity());
				last = limiter.tryAcquire(trace, permits);
				if (!last.allowed()) {
					String claim = "%s, claim %s of %s".formatted(trace, i, permits);
					last = comeBack(limiter, trace, permits, last.retryAfterNanos(), claim);
				}
			}
		});
	}

	private Decision comeBack(BoundPolicy limiter, String key, long permits, long retryAfter, String claim) {
		assertThat(retryAfter).as(claim).isPositive().isNotEqualTo(Decision.NEVER);
		long early = retryAfter / 3 / step() * step();
		advance(early);
		assertThat(limiter.tryAcquire(key, permits).retryAfterNanos()).as("%s, a third later", claim)
			.isEqualTo(retryAfter - early);
		advance(retryAfter - early - step());
		assertThat(limiter.tryAcquire(key, permits).retryAfterNanos()).as("%s, a step too early", claim)
			.isEqualTo(step());
		advance(step());
		Decision decision = limiter.tryAcquire(key, permits);
		assertThat(decision.allowed()).as("%s, at it", claim).isTrue();
		return decision;
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void moreThanTheCapacityIsNeverGranted(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		for (long permits : new long[] { limit.capacity() + 1, 2 * limit.capacity() + 1, Long.MAX_VALUE }) {
			Decision decision = limiter.tryAcquire("key", permits);
			assertThat(decision.allowed()).isFalse();
			assertThat(decision.retryAfterNanos()).isEqualTo(Decision.NEVER);
			assertThat(decision.remaining()).isEqualTo(limit.capacity());
		}
		assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
		assertThat(limiter.tryAcquire("key", Long.MAX_VALUE).retryAfterNanos()).isEqualTo(Decision.NEVER);
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void lessThanOnePermitIsNoClaim(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		Decision granted = limiter.tryAcquire("other");
		for (long permits : new long[] { 0, -1, Long.MIN_VALUE }) {
			assertThatIllegalArgumentException().isThrownBy(() -> limiter.tryAcquire("key", permits));
			assertThatIllegalArgumentException().isThrownBy(() -> limiter.tryAcquireAsync("key", permits));
			assertThatIllegalArgumentException().isThrownBy(() -> limiter.giveBack("key", permits, granted));
		}
		assertThat(limiter.peek("key").remaining()).isEqualTo(limit.capacity());
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void manyPermitsAreAsManyClaimsOfOne(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		play(limit, (trace, traffic) -> {
			String singly = trace + ", one by one";
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims() / 3; i++) {
				advance(traffic.pause(last));
				long permits = Math.min(traffic.permits(last), 20);
				last = limiter.tryAcquire(trace, permits);
				Decision single = last.allowed() ? limiter.tryAcquire(singly, 1) : last;
				for (int j = 1; last.allowed() && j < permits; j++) {
					single = limiter.tryAcquire(singly, 1);
				}
				assertThat(single).as("%s, claim %d of %d", trace, i, permits).isEqualTo(last);
				assertThat(limiter.peek(singly)).as("%s, after claim %d of %d", trace, i, permits)
					.isEqualTo(limiter.peek(trace));
			}
		});
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void aPeekTakesNothingAndTellsTheNextAnswer(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		play(limit, (trace, traffic) -> {
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims() / 2; i++) {
				advance(traffic.pause(last));
				Decision peek = limiter.peek(trace);
				assertThat(limiter.peek(trace)).as(trace).isEqualTo(peek);
				last = limiter.tryAcquire(trace);
				assertThat(last.allowed()).as("%s, claim %d", trace, i).isEqualTo(peek.allowed());
				assertThat(last.retryAfterNanos()).as("%s, claim %d", trace, i).isEqualTo(peek.retryAfterNanos());
				assertThat(last.delayNanos()).as("%s, claim %d", trace, i).isEqualTo(peek.delayNanos());
				assertThat(last.remaining()).as("%s, claim %d", trace, i)
					.isEqualTo(peek.allowed() ? peek.remaining() - 1 : peek.remaining());
				limiter.tryAcquire(trace, traffic.permits(last));
			}
		});
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void aResetForgetsWhatWasUsed(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		limiter.reset("key");
		Decision unused = limiter.peek("key");
		assertThat(limiter.tryAcquire("other").allowed()).isTrue();
		Decision other = limiter.peek("other");
		for (int i = 0; i < 3; i++) {
			assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
			limiter.tryAcquire("key");
			limiter.reset("key");
			assertThat(limiter.peek("key")).isEqualTo(unused);
		}
		assertThat(limiter.peek("other")).isEqualTo(other);
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void hasMoreLeftExactlyAtResetAfterAndNotBefore(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		play(limit, (trace, traffic) -> {
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims() / 2; i++) {
				advance(traffic.pause(last));
				last = limiter.tryAcquire(trace, traffic.permits(last));
				assertThat(last.resetAfterNanos() == 0).as(trace).isEqualTo(last.remaining() == limit.capacity());
				if (last.resetAfterNanos() > 0) {
					advance(last.resetAfterNanos() - step());
					assertThat(limiter.peek(trace).remaining()).as(trace).isEqualTo(last.remaining());
					advance(step());
					assertThat(limiter.peek(trace).remaining()).as(trace).isGreaterThan(last.remaining());
				}
			}
		});
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void theStageOfADecisionHoldsTheSameDecision(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		play(limit, (trace, traffic) -> {
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims() / 3; i++) {
				advance(traffic.pause(last));
				long permits = traffic.permits(last);
				last = limiter.tryAcquire(trace, permits);
				CompletionStage<Decision> stage = limiter.tryAcquireAsync(trace + ", asynchronously", permits);
				assertThat(stage.toCompletableFuture().join()).as("%s, claim %d", trace, i).isEqualTo(last);
			}
		});
	}

}
