package io.ratelimit.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.ratelimit.Algorithm;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.RateLimiter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Permits that are given back can be taken again, and a limit never admits more for it
 * than if they had not been taken.
 */
abstract class GivingBackLaws extends Laws {

	@ParameterizedTest
	@MethodSource("givingBack")
	void whatIsGivenBackAtOnceIsThereAgain(Limit limit) {
		RateLimiter limiter = limiter(limit);
		for (int i = 0; i < 3; i++) {
			assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
			limiter.giveBack("key", limit.capacity(), 0);
			// a fraction of a step may have been rounded
			advance(step());
			assertThat(limiter.peek("key").remaining()).isEqualTo(limit.capacity());
		}
		assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
		if (limit.capacity() > 1) {
			limiter.giveBack("key", limit.capacity() / 2, 0);
			advance(step());
			assertThat(exhaust(limiter, "key")).isBetween(limit.capacity() / 2, limit.capacity() / 2 + 1);
		}
	}

	@ParameterizedTest
	@MethodSource({ "slidingUpTo64", "slidingAbove64" })
	void whatIsGivenBackWithinTheWindowIsThereAgain(Limit limit) {
		RateLimiter limiter = limiter(limit);
		long quarter = limit.window().toNanos() / 4 / step() * step();
		for (int i = 0; i < 10; i++) {
			assertThat(limiter.tryAcquire("key", limit.permits()).allowed()).isTrue();
			advance(quarter);
			assertThat(limiter.tryAcquire("key").allowed()).isFalse();
			limiter.giveBack("key", limit.permits(), quarter);
			assertThat(limiter.peek("key").remaining()).isEqualTo(limit.permits());
		}
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void whatWasHeldForAWholeWindowIsGone(Limit limit) {
		RateLimiter limiter = limiter(limit);
		long window = limit.window().toNanos();
		for (long held : new long[] { window * 5, Long.MAX_VALUE }) {
			assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
			advance(window * 5);
			assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
			limiter.giveBack("key", limit.capacity(), held);
			assertThat(limiter.tryAcquire("key").allowed()).as("held for %d", held).isFalse();
			advance(window * 5);
		}
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void neverLeavesMoreThanTheWholeLimit(Limit limit) {
		RateLimiter limiter = limiter(limit);
		Decision unused = limiter.peek("key");
		limiter.giveBack("key", 1, 0);
		limiter.giveBack("key", Long.MAX_VALUE, 0);
		assertThat(limiter.peek("key")).isEqualTo(unused);
		assertThat(limiter.tryAcquire("key").allowed()).isTrue();
		limiter.giveBack("key", limit.capacity() + 1, 0);
		limiter.giveBack("key", Long.MAX_VALUE, 0);
		assertThat(limiter.peek("key").remaining()).isLessThanOrEqualTo(limit.capacity());
		assertThat(exhaust(limiter, "key")).isLessThanOrEqualTo(limit.capacity());
		assertThat(limiter.tryAcquire("key").allowed()).isFalse();
	}

	@ParameterizedTest
	@MethodSource("leakyBuckets")
	void theSlotsOfALeakyBucketStayTaken(Limit limit) {
		RateLimiter limiter = limiter(limit);
		assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
		Decision full = limiter.peek("key");
		limiter.giveBack("key", limit.capacity(), 0);
		assertThat(limiter.peek("key")).isEqualTo(full);
	}

	@ParameterizedTest
	@MethodSource("givingBack")
	void grantsThatWereKeptStayWithinTheLimit(Limit limit) {
		RateLimiter limiter = limiter(limit);
		play(limit, (trace, traffic) -> {
			Random random = new Random(trace.hashCode());
			GrantLog kept = new GrantLog();
			List<Grant> returnable = new ArrayList<>();
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims(); i++) {
				advance(traffic.pause(last));
				long permits = traffic.permits(last);
				last = limiter.tryAcquire(trace, permits);
				if (last.allowed()) {
					kept.add(now(), permits);
					returnable.add(new Grant(now(), permits));
				}
				if (!returnable.isEmpty() && random.nextInt(3) == 0) {
					Grant grant = returnable.remove(random.nextInt(returnable.size()));
					long longer = random.nextBoolean() ? 0 : limit.window().toNanos() / (1 + random.nextInt(30));
					limiter.giveBack(trace, grant.permits(), now() - grant.moment() + longer);
					kept.remove(grant);
				}
			}
			assertWithin(limit, kept, trace);
		});
	}

	private void assertWithin(Limit limit, GrantLog kept, String trace) {
		long window = limit.window().toNanos();
		switch (limit.algorithm()) {
			case SLIDING_WINDOW -> assertThat(kept.mostWithin(window)).as(trace).isLessThanOrEqualTo(limit.permits());
			case TOKEN_BUCKET ->
				assertThat(kept.mostBeyond(limit.permits(), window)).as(trace).isLessThanOrEqualTo(limit.burst());
			case FIXED_WINDOW -> {
				FixedModel boundaries = (FixedModel) model(limit);
				for (Grant grant : kept.grants()) {
					long boundary = boundaries.nextBoundary(grant.moment());
					long sum = kept.grants()
						.stream()
						.filter((other) -> boundaries.nextBoundary(other.moment()) == boundary)
						.mapToLong(Grant::permits)
						.sum();
					assertThat(sum).as(trace).isLessThanOrEqualTo(limit.permits());
				}
			}
			default -> throw new IllegalStateException("nothing to give back to " + limit);
		}
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void leavesNoMoreThanIfTheGrantHadNotHappened(Limit limit) {
		RateLimiter limiter = limiter(limit);
		play(limit, (trace, traffic) -> {
			String without = trace + ", without";
			Random random = new Random(trace.hashCode());
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims() / 10; i++) {
				advance(limiter.peek(trace).resetAfterNanos());
				for (int j = 0; j < 3; j++) {
					advance(traffic.pause(last));
					long permits = traffic.permits(last);
					last = limiter.tryAcquire(without, permits);
					assertThat(limiter.tryAcquire(trace, permits).allowed()).as(trace).isEqualTo(last.allowed());
				}
				long permits = 1L + random.nextInt(5);
				long moment = now();
				if (limiter.tryAcquire(trace, permits).allowed()) {
					for (int j = 0; j < 2; j++) {
						advance(traffic.pause(last) / 4 / step() * step());
						if (limiter.tryAcquire(trace).allowed()) {
							assertThat(limiter.tryAcquire(without).allowed()).as(trace).isTrue();
						}
					}
					limiter.giveBack(trace, permits, now() - moment);
				}
				for (int j = 0; j < 4; j++) {
					assertThat(limiter.peek(trace).remaining()).as("%s, round %d", trace, i)
						.isLessThanOrEqualTo(limiter.peek(without).remaining());
					advance(limit.window().toNanos() / (1 + random.nextInt(20)) / step() * step());
				}
				limiter.reset(trace);
				limiter.reset(without);
			}
		});
	}

	@Test
	void aFixedWindowGetsNothingBackFromTheWindowBefore() {
		Limit limit = Limit.valueOf("10/1s").withAlgorithm(Algorithm.FIXED_WINDOW);
		RateLimiter limiter = limiter(limit);
		FixedModel boundaries = (FixedModel) model(limit);
		advance(boundaries.nextBoundary(now()) - now() - step());
		assertThat(limiter.tryAcquire("key", 10).allowed()).isTrue();
		advance(step());
		assertThat(limiter.tryAcquire("key", 10).allowed()).isTrue();
		limiter.giveBack("key", 10, step());
		assertThat(limiter.tryAcquire("key").allowed()).isFalse();
		advance(2 * step());
		limiter.giveBack("key", 4, 2 * step());
		assertThat(limiter.peek("key").remaining()).isEqualTo(4);
	}

	@Test
	void everyLimitOfAPolicyGetsBackWhatItCan() {
		RateLimiter limiter = limiter(Limit.valueOf("4/1s"), Limit.valueOf("10/1m"));
		assertThat(limiter.tryAcquire("key", 4).allowed()).isTrue();
		advance(1_000_000_000);
		limiter.giveBack("key", 4, 1_000_000_000);
		assertThat(limiter.tryAcquire("key", 4).allowed()).isTrue();
		advance(1_000_000_000);
		assertThat(limiter.tryAcquire("key", 4).allowed()).isTrue();
		advance(1_000_000_000);
		assertThat(limiter.tryAcquire("key", 3).allowed()).isFalse();
		assertThat(limiter.tryAcquire("key", 2).allowed()).isTrue();
	}

	static Stream<Limit> givingBack() {
		return everyLimit().filter((limit) -> limit.algorithm() != Algorithm.LEAKY_BUCKET);
	}

}
