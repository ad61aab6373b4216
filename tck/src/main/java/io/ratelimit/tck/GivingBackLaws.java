package io.ratelimit.tck;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.LeakyBucket;
import io.ratelimit.Limit;
import io.ratelimit.SlidingWindow;
import io.ratelimit.TokenBucket;
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
		BoundPolicy limiter = limiter(limit);
		for (int i = 0; i < 3; i++) {
			giveBack(limiter, "key", limit.capacity(), granted(limiter, "key", limit.capacity()));
			// a fraction of a step may have been rounded
			advance(step());
			assertThat(limiter.peek("key").remaining()).isEqualTo(limit.capacity());
		}
		Decision last = granted(limiter, "key", limit.capacity());
		if (limit.capacity() > 1) {
			giveBack(limiter, "key", limit.capacity() / 2, last);
			advance(step());
			assertThat(exhaust(limiter, "key")).isBetween(limit.capacity() / 2, limit.capacity() / 2 + 1);
		}
	}

	@ParameterizedTest
	@MethodSource({ "slidingUpTo64", "slidingAbove64" })
	void whatIsGivenBackWithinTheWindowIsThereAgain(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		long quarter = limit.window().toNanos() / 4 / step() * step();
		for (int i = 0; i < 10; i++) {
			Decision granted = granted(limiter, "key", limit.permits());
			advance(quarter);
			assertThat(limiter.tryAcquire("key").allowed()).isFalse();
			giveBack(limiter, "key", limit.permits(), granted);
			assertThat(limiter.peek("key").remaining()).isEqualTo(limit.permits());
		}
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void whatWasHeldForAWholeWindowIsGone(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		long window = limit.window().toNanos();
		Decision granted = granted(limiter, "key", limit.capacity());
		for (int i = 0; i < 3; i++) {
			advance(window * 5);
			assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
			giveBack(limiter, "key", limit.capacity(), granted);
			assertThat(limiter.tryAcquire("key").allowed()).as("round %d", i).isFalse();
		}
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void neverLeavesMoreThanTheWholeLimit(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		Decision unused = limiter.peek("key");
		Decision other = granted(limiter, "other", 1);
		giveBack(limiter, "key", 1, other);
		giveBack(limiter, "key", Long.MAX_VALUE, other);
		assertThat(limiter.peek("key")).isEqualTo(unused);
		Decision granted = granted(limiter, "key", 1);
		giveBack(limiter, "key", limit.capacity() + 1, granted);
		giveBack(limiter, "key", Long.MAX_VALUE, granted);
		assertThat(limiter.peek("key").remaining()).isLessThanOrEqualTo(limit.capacity());
		assertThat(exhaust(limiter, "key")).isLessThanOrEqualTo(limit.capacity());
		assertThat(limiter.tryAcquire("key").allowed()).isFalse();
	}

	@ParameterizedTest
	@MethodSource("leakyBuckets")
	void theSlotsOfALeakyBucketStayTaken(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		Decision granted = granted(limiter, "key", limit.capacity());
		Decision full = limiter.peek("key");
		giveBack(limiter, "key", limit.capacity(), granted);
		assertThat(limiter.peek("key")).isEqualTo(full);
	}

	@ParameterizedTest
	@MethodSource("givingBack")
	void grantsThatWereKeptStayWithinTheLimit(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		play(limit, (trace, traffic) -> {
			Random random = new Random(trace.hashCode());
			GrantLog kept = new GrantLog();
			List<Grant> returnable = new ArrayList<>();
			IdentityHashMap<Grant, Decision> decisions = new IdentityHashMap<>();
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims(); i++) {
				advance(traffic.pause(last));
				long permits = traffic.permits(last);
				last = limiter.tryAcquire(trace, permits);
				if (last.allowed()) {
					kept.add(now(), permits);
					Grant grant = new Grant(now(), permits);
					returnable.add(grant);
					decisions.put(grant, last);
				}
				if (!returnable.isEmpty() && random.nextInt(3) == 0) {
					Grant grant = returnable.remove(random.nextInt(returnable.size()));
					giveBack(limiter, trace, grant.permits(), Objects.requireNonNull(decisions.get(grant)));
					kept.remove(grant);
				}
			}
			assertWithin(limit, kept, trace);
		});
	}

	private void assertWithin(Limit limit, GrantLog kept, String trace) {
		long window = limit.window().toNanos();
		if (limit instanceof SlidingWindow) {
			assertThat(kept.mostWithin(window)).as(trace).isLessThanOrEqualTo(limit.permits());
		}
		else if (limit instanceof TokenBucket) {
			assertThat(kept.mostBeyond(limit.permits(), window)).as(trace).isLessThanOrEqualTo(limit.capacity());
		}
		else {
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
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void leavesNoMoreThanIfTheGrantHadNotHappened(Limit limit) {
		BoundPolicy limiter = limiter(limit);
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
				Decision granted = limiter.tryAcquire(trace, permits);
				if (granted.allowed()) {
					for (int j = 0; j < 2; j++) {
						advance(traffic.pause(last) / 4 / step() * step());
						if (limiter.tryAcquire(trace).allowed()) {
							assertThat(limiter.tryAcquire(without).allowed()).as(trace).isTrue();
						}
					}
					giveBack(limiter, trace, permits, granted);
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
		Limit limit = Limit.valueOf("10/1s fixed-window");
		BoundPolicy limiter = limiter(limit);
		FixedModel boundaries = (FixedModel) model(limit);
		advance(boundaries.nextBoundary(now()) - now() - step());
		Decision before = granted(limiter, "key", 10);
		advance(step());
		Decision since = granted(limiter, "key", 10);
		giveBack(limiter, "key", 10, before);
		assertThat(limiter.tryAcquire("key").allowed()).isFalse();
		advance(2 * step());
		giveBack(limiter, "key", 4, since);
		assertThat(limiter.peek("key").remaining()).isEqualTo(4);
	}

	@Test
	void everyLimitOfAPolicyGetsBackWhatItCan() {
		BoundPolicy limiter = limiter(Limit.valueOf("4/1s"), Limit.valueOf("10/1m"));
		Decision granted = granted(limiter, "key", 4);
		advance(1_000_000_000);
		giveBack(limiter, "key", 4, granted);
		assertThat(limiter.tryAcquire("key", 4).allowed()).isTrue();
		advance(1_000_000_000);
		assertThat(limiter.tryAcquire("key", 4).allowed()).isTrue();
		advance(1_000_000_000);
		assertThat(limiter.tryAcquire("key", 3).allowed()).isFalse();
		assertThat(limiter.tryAcquire("key", 2).allowed()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("givingBack")
	void aGrantUnderAnotherWindowOrAlgorithmIsNotGivenBack(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		for (int i = 0; i < 3; i++) {
			Decision granted = granted(limiter, "key", limit.capacity());
			advance(step());
			limiter(Limit.of(1000, limit.window().multipliedBy(2)));
			advance(step());
			limiter(limit);
			exhaust(limiter, "key");
			giveBack(limiter, "key", limit.capacity(), granted);
			assertThat(limiter.tryAcquire("key").allowed()).as("round %d", i).isFalse();
			limiter.reset("key");
		}
	}

	@ParameterizedTest
	@MethodSource("givingBack")
	void aGrantIsGivenBackThroughAReplacementThatKeepsIt(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		Decision granted = granted(limiter, "key", limit.capacity());
		limiter(limit.withName("renamed"));
		giveBack(limiter, "key", limit.capacity(), granted);
		advance(step());
		assertThat(limiter.peek("key").remaining()).isEqualTo(limit.capacity());
	}

	@ParameterizedTest
	@MethodSource({ "slidingUpTo64", "slidingAbove64" })
	void whatIsGivenBackAStepLaterIsNotLost(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		long half = Math.max(1, limit.capacity() / 2);
		for (int i = 0; i < 100; i++) {
			Decision granted = granted(limiter, "key", half);
			advance(step());
			giveBack(limiter, "key", half, granted);
			advance(step());
		}
		assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void whatWasTakenBeforeAResetIsNotGivenBackAfterIt(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		Decision granted = granted(limiter, "key", limit.capacity());
		advance(step());
		limiter.reset("key");
		advance(step());
		granted(limiter, "key", limit.capacity());
		Decision full = limiter.peek("key");
		giveBack(limiter, "key", limit.capacity(), granted);
		assertThat(limiter.peek("key")).isEqualTo(full);
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void whatWasTakenBeforeAResetOfAllKeysIsNotGivenBackAfterIt(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		Decision granted = granted(limiter, "key", limit.capacity());
		advance(step());
		limiter.resetAll();
		advance(step());
		granted(limiter, "key", limit.capacity());
		Decision full = limiter.peek("key");
		giveBack(limiter, "key", limit.capacity(), granted);
		assertThat(limiter.peek("key")).isEqualTo(full);
	}

	static Stream<Limit> givingBack() {
		return everyLimit().filter((limit) -> !(limit instanceof LeakyBucket));
	}

}
