package io.ratelimit.tck;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A policy that replaces another of its name applies at once, also through limiters that
 * were handed out before. What was used is kept where window and algorithm are unchanged.
 */
abstract class ReplacementLaws extends Laws {

	@ParameterizedTest
	@MethodSource("changes")
	void whatWasUsedIsKept(Limit before, Limit after) {
		BoundPolicy limiter = limiter(before);
		long used = before.capacity() / 4 + 1;
		assertThat(limiter.tryAcquire("key", used).allowed()).isTrue();
		BoundPolicy replaced = limiter(after);
		long left = Math.max(0, after.capacity() - used);
		for (BoundPolicy either : List.of(limiter, replaced)) {
			assertThat(either.policy()).isEqualTo(policy(after));
			assertThat(either.peek("key").limit()).isEqualTo(after);
			assertThat(either.peek("key").remaining()).isEqualTo(left);
			assertThat(either.peek("other").remaining()).isEqualTo(after.capacity());
		}
		assertThat(limiter.tryAcquire("key", left + 1).allowed()).isFalse();
		assertThat(exhaust(limiter, "key")).isEqualTo(left);
		advance(before.memory().plus(after.memory()));
		assertThat(exhaust(limiter, "key")).isEqualTo(after.capacity());
	}

	@ParameterizedTest
	@MethodSource("changes")
	void aChangeAndItsReversalForgetNothing(Limit before, Limit after) {
		BoundPolicy limiter = limiter(before);
		assertThat(limiter.tryAcquire("key", before.capacity()).allowed()).isTrue();
		for (int i = 0; i < 3; i++) {
			limiter(after);
			assertThat(limiter.peek("key").remaining()).isEqualTo(Math.max(0, after.capacity() - before.capacity()));
			limiter(before);
			assertThat(limiter.tryAcquire("key").allowed()).isFalse();
		}
	}

	@ParameterizedTest
	@MethodSource("changes")
	void whatWasUsedIsKeptThroughChangesThatNobodyNoticed(Limit before, Limit after) {
		BoundPolicy limiter = limiter(before);
		long used = before.capacity() / 4 + 1;
		assertThat(limiter.tryAcquire("key", used).allowed()).isTrue();
		for (int i = 0; i < 3; i++) {
			limiter(after);
			limiter(before);
		}
		limiter(after);
		assertThat(limiter.peek("key").remaining()).isEqualTo(Math.max(0, after.capacity() - used));
	}

	@ParameterizedTest
	@MethodSource("slidingChanges")
	void whatWasUsedStaysForItsWholeWindow(Limit before, Limit after) {
		long window = before.window().toNanos();
		long used = Math.min(before.permits(), after.permits()) / 2;
		for (int i = 0; i < 20; i++) {
			String key = "key" + i;
			BoundPolicy limiter = limiter(before);
			assertThat(limiter.tryAcquire(key, used).allowed()).isTrue();
			advance(window / 9 / step() * step());
			limiter(after);
			assertThat(limiter.peek(key).remaining()).isEqualTo(after.permits() - used);
			advance(window - window / 9 / step() * step() - step());
			assertThat(limiter.peek(key).remaining()).as("round %d", i).isEqualTo(after.permits() - used);
			advance(step() + window / 29 / step() * step());
			assertThat(limiter.peek(key).remaining()).as("round %d", i).isEqualTo(after.permits());
		}
	}

	@ParameterizedTest
	@MethodSource("slidingChanges")
	void aSlidingWindowOutlivesEveryChangeOfItsSize(Limit before, Limit after) {
		Limit smaller = (before.permits() < after.permits()) ? before : after;
		Limit larger = (before.permits() < after.permits()) ? after : before;
		long window = before.window().toNanos();
		for (int i = 0; i < contract().traces(); i++) {
			long seed = contract().seed() + i;
			Traffic traffic = new Traffic(smaller, Traffic.Shape.RANDOM, seed, step());
			BoundPolicy limiter = limiter(before);
			GrantLog log = new GrantLog();
			String trace = "seed " + seed;
			Decision last = limiter.peek(trace);
			for (int j = 0; j < contract().claims(); j++) {
				advance(traffic.pause(last));
				if (j % 5 == 0) {
					limiter((j % 10 == 0) ? after : before);
				}
				long permits = traffic.permits(last);
				last = limiter.tryAcquire(trace, permits);
				if (last.allowed()) {
					log.add(now(), permits);
					assertThat(log.after(now() - window)).as("%s, claim %d", trace, j)
						.isLessThanOrEqualTo(last.limit().permits());
				}
			}
			assertThat(log.mostWithin(window)).as(trace).isLessThanOrEqualTo(larger.permits());
		}
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void theSamePolicyAgainChangesNothing(Limit limit) {
		BoundPolicy limiter = limiter(limit);
		BoundPolicy untouched = bind(Policy.of("untouched", limit));
		play(limit, (trace, traffic) -> {
			Decision last = limiter.peek(trace);
			for (int i = 0; i < contract().claims() / 4; i++) {
				advance(traffic.pause(last));
				long permits = traffic.permits(last);
				last = limiter.tryAcquire(trace, permits);
				Decision expected = untouched.tryAcquire(trace, permits);
				assertThat(last.allowed()).as(trace).isEqualTo(expected.allowed());
				assertThat(last.remaining()).as(trace).isEqualTo(expected.remaining());
				assertThat(last.retryAfterNanos()).as(trace).isEqualTo(expected.retryAfterNanos());
				assertThat(last.delayNanos()).as(trace).isEqualTo(expected.delayNanos());
				limiter(limit);
			}
		});
	}

	@Test
	void whatWasUsedLeavesWhenItWouldHaveLeft() {
		BoundPolicy limiter = limiter(Limit.valueOf("10/1s"));
		assertThat(limiter.tryAcquire("key", 4).allowed()).isTrue();
		advance(Duration.ofMillis(600));
		assertThat(limiter.tryAcquire("key", 5).allowed()).isTrue();
		limiter(Limit.valueOf("12/1s"));
		assertThat(limiter.peek("key").remaining()).isEqualTo(3);
		assertThat(limiter.tryAcquire("key", 7).retryAfterNanos()).isEqualTo(400_000_000);
		advance(Duration.ofMillis(400));
		assertThat(limiter.peek("key").remaining()).isEqualTo(7);
		limiter(Limit.valueOf("4/1s"));
		assertThat(limiter.tryAcquire("key").retryAfterNanos()).isEqualTo(600_000_000);
		advance(Duration.ofMillis(600));
		assertThat(limiter.peek("key").remaining()).isEqualTo(4);
	}

	@Test
	void anAddedLimitStartsFreshAndARemovedOneIsGone() {
		Limit second = Limit.valueOf("5/1s");
		Limit minute = Limit.valueOf("6/1m");
		BoundPolicy limiter = limiter(second);
		assertThat(limiter.tryAcquire("key", 4).allowed()).isTrue();
		limiter(minute, second);
		assertThat(limiter.peek("key").remaining()).isOne();
		advance(Duration.ofSeconds(1));
		assertThat(limiter.tryAcquire("key", 5).allowed()).isTrue();
		advance(Duration.ofSeconds(1));
		assertThat(limiter.tryAcquire("key", 2).limit()).isEqualTo(minute);
		limiter(second);
		assertThat(limiter.tryAcquire("key", 5).allowed()).isTrue();
	}

	@Test
	void limitsMayChangePlaces() {
		Limit second = Limit.valueOf("5/1s");
		Limit minute = Limit.valueOf("9/1m");
		BoundPolicy limiter = limiter(second, minute);
		assertThat(limiter.tryAcquire("key", 5).allowed()).isTrue();
		limiter(minute.withName("quota"), second);
		assertThat(limiter.tryAcquire("key").limit()).isEqualTo(second);
		advance(Duration.ofSeconds(1));
		assertThat(limiter.tryAcquire("key", 5).limit()).isEqualTo(minute.withName("quota"));
		assertThat(limiter.tryAcquire("key", 4).allowed()).isTrue();
	}

	@Test
	void anotherWindowOrAlgorithmStartsFresh() {
		List<Limit> limits = List.of(Limit.valueOf("5/1m"), Limit.valueOf("5/1h"),
				Limit.valueOf("5/1m token-bucket burst 5"), Limit.valueOf("5/1h token-bucket burst 5"),
				Limit.valueOf("5/1h fixed-window"), Limit.valueOf("5/1h leaky-bucket max-wait 48m"),
				Limit.valueOf("100/1h"), Limit.valueOf("100/1m"));
		BoundPolicy limiter = limiter(Limit.valueOf("5/1s"));
		for (Limit limit : limits) {
			limiter(limit);
			assertThat(limiter.tryAcquire("key", limit.capacity()).allowed()).as("%s", limit).isTrue();
			assertThat(limiter.tryAcquire("key").allowed()).as("%s", limit).isFalse();
		}
	}

	@Test
	void aGrantIsGivenBackToTheLimitsThatHaveCountedIt() {
		Limit first = Limit.valueOf("10/1m");
		BoundPolicy limiter = limiter(first);
		Decision granted = granted(limiter, "key", 5);
		advance(step());
		limiter(Limit.valueOf("8/1h fixed-window"), first);
		advance(step());
		granted(limiter, "key", 2);
		giveBack(limiter, "key", 5, granted);
		assertThat(exhaust(limiter, "key")).isEqualTo(6);
		limiter(first);
		assertThat(exhaust(limiter, "key")).isEqualTo(2);
	}

	@Test
	void aBucketRefillsHoweverOftenItIsReplaced() {
		Limit limit = Limit.valueOf("10/10s token-bucket");
		BoundPolicy limiter = limiter(limit);
		assertThat(limiter.tryAcquire("key", 10).allowed()).isTrue();
		for (int i = 0; i < 25; i++) {
			advance(Duration.ofMillis(200));
			limiter((i % 2 == 0) ? limit.withName("renamed") : Limit.valueOf("10/10s token-bucket burst 12"));
			limiter.peek("key");
		}
		limiter(limit);
		assertThat(limiter.peek("key").remaining()).isEqualTo(5);
	}

	@Test
	void aLeakyBucketKeepsThePlacesInItsQueue() {
		BoundPolicy limiter = limiter(Limit.valueOf("10/1s leaky-bucket max-wait 1s"));
		assertThat(limiter.tryAcquire("key", 6).delayNanos()).isEqualTo(500_000_000);
		limiter(Limit.valueOf("20/1s leaky-bucket max-wait 1s"));
		assertThat(limiter.tryAcquire("key").delayNanos()).isGreaterThanOrEqualTo(550_000_000);
	}

	@Test
	void aBatchAndItsLimitersSeeTheSamePolicy() {
		Policy former = policy(Limit.valueOf("10/1m"));
		BoundPolicy limiter = bind(former);
		assertThat(limiter.tryAcquire("key", 4).allowed()).isTrue();
		limiter(Limit.valueOf("5/1m"));
		assertThat(this.store.tryAcquireAll(List.of(claim(former, "key", 2))).get(0).allowed()).isFalse();
		List<Decision> decisions = this.store.tryAcquireAll(List.of(claim(former, "key", 1)));
		assertThat(decisions).containsExactly(
				Decision.allowed(policy(Limit.valueOf("5/1m")), Limit.valueOf("5/1m"), 0, 0, 60_000_000_000L));
		assertThat(limiter.policy()).isEqualTo(policy(Limit.valueOf("5/1m")));
	}

	@Test
	void otherPoliciesAreUntouched() {
		BoundPolicy other = bind(Policy.of("other", Limit.valueOf("5/1m")));
		assertThat(other.tryAcquire("key", 5).allowed()).isTrue();
		limiter(Limit.valueOf("5/1m")).tryAcquire("key", 5);
		limiter(Limit.valueOf("50/1m"));
		assertThat(other.policy().limits()).containsExactly(Limit.valueOf("5/1m"));
		assertThat(other.tryAcquire("key").allowed()).isFalse();
	}

	static Stream<Arguments> slidingChanges() {
		return pairs("10/1m", "20/1m", "64/1m", "65/1m", "200/1m", "100000/1m");
	}

	static Stream<Arguments> changes() {
		Stream<Arguments> fixed = pairs("10/1m fixed-window", "40/1m fixed-window");
		Stream<Arguments> token = pairs("10/1m token-bucket", "40/1m token-bucket", "7/1m token-bucket");
		Limit leaky = Limit.valueOf("10/1s leaky-bucket max-wait 1s");
		Limit patient = Limit.valueOf("10/1s leaky-bucket max-wait 3s");
		return Stream
			.of(slidingChanges(), fixed, token, Stream.of(Arguments.of(leaky, patient), Arguments.of(patient, leaky)))
			.flatMap((arguments) -> arguments);
	}

	private static Stream<Arguments> pairs(String... texts) {
		return limits(texts).flatMap((before) -> limits(texts).filter((after) -> !after.equals(before))
			.map((after) -> Arguments.of(before, after)));
	}

}
