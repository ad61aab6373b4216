package io.ratelimit.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import io.ratelimit.Claim;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimiter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * A batch takes the permits of every claim or of none, and decides in the order of the
 * claims. The same policy and key twice counts as the sum.
 */
abstract class BatchLaws extends Laws {

	private final Policy minute = Policy.of("minute", Limit.valueOf("5/1m"));

	private final Policy second = Policy.of("second", Limit.valueOf("2/1s"));

	private final Policy large = Policy.of("large", Limit.valueOf("1000/1h"), Limit.valueOf("200/1m"));

	private final Policy bucket = Policy.of("bucket", Limit.valueOf("10/1s").withBurst(20));

	@Test
	void aRefusedBatchTakesNothingWhereverTheRefusalStands() {
		RateLimiter minute = this.store.limiter(this.minute);
		RateLimiter second = this.store.limiter(this.second);
		RateLimiter large = this.store.limiter(this.large);
		assertThat(second.tryAcquire("full", 2).allowed()).isTrue();
		List<Claim> claims = List.of(new Claim(this.minute, "key", 3), new Claim(this.large, "key", 100),
				new Claim(this.second, "full", 1));
		for (int i = 0; i < 30; i++) {
			int refusal = i % 3;
			List<Claim> rotated = new ArrayList<>(claims.subList(0, 2));
			rotated.add(refusal, claims.get(2));
			List<Decision> decisions = this.store.tryAcquireAll(rotated);
			assertThat(decisions).hasSameSizeAs(rotated);
			for (int j = 0; j < 3; j++) {
				assertThat(decisions.get(j).allowed()).as("%s", decisions).isEqualTo(j != refusal);
			}
		}
		assertThat(minute.peek("key").remaining()).isEqualTo(5);
		assertThat(second.peek("full").remaining()).isZero();
		assertThat(minute.tryAcquire("key", 5).allowed()).isTrue();
		assertThat(large.tryAcquire("key", 200).allowed()).isTrue();
	}

	@Test
	void aGrantedBatchTakesEveryClaimAndDecidesInItsOrder() {
		List<Claim> claims = List.of(new Claim(this.minute, "a", 3), new Claim(this.large, "b", 100),
				new Claim(this.minute, "b", 1), new Claim(this.bucket, "a", 20), new Claim(this.second, "c", 2));
		List<Decision> decisions = this.store.tryAcquireAll(claims);
		assertThat(decisions).hasSameSizeAs(claims);
		for (int i = 0; i < claims.size(); i++) {
			Claim claim = claims.get(i);
			RateLimiter limiter = this.store.limiter(claim.policy());
			assertThat(decisions.get(i)).isEqualTo(limiter.tryAcquire("single-" + claim.key(), claim.permits()));
			assertThat(limiter.peek(claim.key())).isEqualTo(limiter.peek("single-" + claim.key()));
		}
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void theSamePolicyAndKeyTwiceCountsAsTheSum(Limit limit) {
		Policy policy = policy(limit);
		RateLimiter limiter = limiter(limit);
		long half = (limit.capacity() + 1) / 2;
		long rest = limit.capacity() - half;
		List<Decision> tooMany = this.store
			.tryAcquireAll(List.of(new Claim(policy, "key", half), new Claim(policy, "key", rest + 1)));
		assertThat(tooMany).anyMatch((decision) -> decision.retryAfterNanos() == Decision.NEVER);
		assertThat(limiter.peek("key").remaining()).isEqualTo(limit.capacity());
		List<Claim> ones = List.of(new Claim(policy, "key", Long.MAX_VALUE), new Claim(policy, "key", Long.MAX_VALUE));
		assertThat(this.store.tryAcquireAll(ones)).noneMatch(Decision::allowed);
		if (rest > 0) {
			List<Claim> claims = List.of(new Claim(policy, "key", half), new Claim(policy, "key", rest));
			assertThat(this.store.tryAcquireAll(claims)).allMatch(Decision::allowed);
			assertThat(limiter.peek("key").remaining()).isZero();
		}
	}

	@Test
	void isRefusedUntilExactlyTheLongestRetryAfterAndAllowedAtIt() {
		List<Claim> claims = List.of(new Claim(this.minute, "a", 3), new Claim(this.bucket, "a", 15),
				new Claim(this.second, "a", 1), new Claim(this.minute, "a", 1), new Claim(this.second, "b", 1));
		for (int i = 0; i < 20; i++) {
			List<Decision> decisions = this.store.tryAcquireAll(claims);
			if (!decisions.stream().allMatch(Decision::allowed)) {
				long longest = decisions.stream().mapToLong(Decision::retryAfterNanos).max().orElseThrow();
				assertThat(longest).isPositive().isNotEqualTo(Decision.NEVER);
				advance(longest - step());
				assertThat(this.store.tryAcquireAll(claims)).anyMatch((decision) -> !decision.allowed());
				advance(step());
				assertThat(this.store.tryAcquireAll(claims)).allMatch(Decision::allowed);
			}
			advance(Duration.ofMillis(700));
		}
	}

	@Test
	void randomBatchesTakeAllOrNothing() {
		List<Policy> policies = List.of(this.minute, this.second, this.bucket);
		for (int trace = 0; trace < 5 * contract().traces(); trace++) {
			reopenStore();
			long seed = contract().seed() + trace;
			Random random = new Random(seed);
			Map<List<String>, Model> models = new LinkedHashMap<>();
			for (int i = 0; i < contract().claims(); i++) {
				List<Claim> claims = new ArrayList<>();
				for (int j = 0; j <= random.nextInt(4); j++) {
					Policy policy = policies.get(random.nextInt(policies.size()));
					claims.add(new Claim(policy, "key" + random.nextInt(2), 1 + random.nextInt(3)));
				}
				check(models, claims, "seed %s, batch %s: %s".formatted(seed, i, claims));
				advance(random.nextInt(300) * 1_000_000L);
			}
		}
	}

	private void check(Map<List<String>, Model> models, List<Claim> claims, String batch) {
		Map<Model, Long> sums = new LinkedHashMap<>();
		for (Claim claim : claims) {
			Model model = models.computeIfAbsent(List.of(claim.policy().name(), claim.key()),
					(name) -> model(claim.policy().limits().get(0)));
			sums.merge(model, claim.permits(), Long::sum);
		}
		boolean granted = sums.entrySet()
			.stream()
			.allMatch((sum) -> sum.getKey().retryAfter(sum.getValue(), now()) == 0);
		List<Decision> decisions = this.store.tryAcquireAll(claims);
		assertThat(decisions).as(batch).hasSameSizeAs(claims);
		assertThat(decisions.stream().allMatch(Decision::allowed)).as(batch).isEqualTo(granted);
		if (granted) {
			sums.forEach((model, permits) -> model.take(permits, now()));
		}
		for (int i = 0; i < claims.size(); i++) {
			Claim claim = claims.get(i);
			assertThat(decisions.get(i).policy()).as(batch).isEqualTo(claim.policy());
			Model model = Objects.requireNonNull(models.get(List.of(claim.policy().name(), claim.key())));
			assertThat(this.store.limiter(claim.policy()).peek(claim.key()).remaining()).as(batch)
				.isEqualTo(model.remaining(now()));
		}
	}

	@Test
	void bindsAPolicyThatWasNotBound() {
		assertThat(this.store.tryAcquireAll(List.of(new Claim(this.minute, "key", 4))).get(0).remaining()).isOne();
		RateLimiter limiter = this.store.limiter(this.minute);
		assertThat(limiter.peek("key").remaining()).isOne();
	}

	@Test
	void mayBeEmptyAndNeverHoldsLessThanOnePermit() {
		assertThat(this.store.tryAcquireAll(List.of())).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> new Claim(this.minute, "key", 0));
	}

	@Test
	void theStageOfABatchHoldsTheSameDecisions() {
		for (int i = 0; i < 10; i++) {
			List<Decision> decisions = this.store
				.tryAcquireAll(List.of(new Claim(this.minute, "key", 1), new Claim(this.second, "key", 1)));
			List<Claim> claims = List.of(new Claim(this.minute, "asynchronous", 1),
					new Claim(this.second, "asynchronous", 1));
			assertThat(this.store.tryAcquireAllAsync(claims).toCompletableFuture().join()).isEqualTo(decisions);
			advance(Duration.ofMillis(400));
		}
	}

}
