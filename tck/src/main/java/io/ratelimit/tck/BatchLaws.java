package io.ratelimit.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
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

	private final Policy bucket = Policy.of("bucket", Limit.valueOf("10/1s token-bucket burst 20"));

	@Test
	void aRefusedBatchTakesNothingWhereverTheRefusalStands() {
		BoundPolicy minute = bind(this.minute);
		BoundPolicy second = bind(this.second);
		BoundPolicy large = bind(this.large);
		assertThat(second.tryAcquire("full", 2).allowed()).isTrue();
		List<BoundClaim> claims = List.of(claim(this.minute, "key", 3), claim(this.large, "key", 100),
				claim(this.second, "full", 1));
		for (int i = 0; i < 30; i++) {
			int refusal = i % 3;
			List<BoundClaim> rotated = new ArrayList<>(claims.subList(0, 2));
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
		List<BoundClaim> claims = List.of(claim(this.minute, "a", 3), claim(this.large, "b", 100),
				claim(this.minute, "b", 1), claim(this.bucket, "a", 20), claim(this.second, "c", 2));
		List<Decision> decisions = this.store.tryAcquireAll(claims);
		assertThat(decisions).hasSameSizeAs(claims);
		for (int i = 0; i < claims.size(); i++) {
			BoundClaim claim = claims.get(i);
			BoundPolicy limiter = claim.policy();
			assertThat(decisions.get(i)).isEqualTo(limiter.tryAcquire("single-" + claim.key(), claim.permits()));
			assertThat(limiter.peek(claim.key())).isEqualTo(limiter.peek("single-" + claim.key()));
		}
	}

	@ParameterizedTest
	@MethodSource("everyLimit")
	void theSamePolicyAndKeyTwiceCountsAsTheSum(Limit limit) {
		Policy policy = policy(limit);
		BoundPolicy limiter = limiter(limit);
		long half = (limit.capacity() + 1) / 2;
		long rest = limit.capacity() - half;
		List<Decision> tooMany = this.store
			.tryAcquireAll(List.of(claim(policy, "key", half), claim(policy, "key", rest + 1)));
		assertThat(tooMany).anyMatch((decision) -> decision.retryAfterNanos() == Decision.NEVER);
		assertThat(limiter.peek("key").remaining()).isEqualTo(limit.capacity());
		List<BoundClaim> ones = List.of(claim(policy, "key", Long.MAX_VALUE), claim(policy, "key", Long.MAX_VALUE));
		assertThat(this.store.tryAcquireAll(ones)).noneMatch(Decision::allowed);
		if (rest > 0) {
			List<BoundClaim> claims = List.of(claim(policy, "key", half), claim(policy, "key", rest));
			assertThat(this.store.tryAcquireAll(claims)).allMatch(Decision::allowed);
			assertThat(limiter.peek("key").remaining()).isZero();
		}
	}

	@Test
	void isRefusedUntilExactlyTheLongestRetryAfterAndAllowedAtIt() {
		List<BoundClaim> claims = List.of(claim(this.minute, "a", 3), claim(this.bucket, "a", 15),
				claim(this.second, "a", 1), claim(this.minute, "a", 1), claim(this.second, "b", 1));
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
				List<BoundClaim> claims = new ArrayList<>();
				for (int j = 0; j <= random.nextInt(4); j++) {
					Policy policy = policies.get(random.nextInt(policies.size()));
					claims.add(claim(policy, "key" + random.nextInt(2), 1 + random.nextInt(3)));
				}
				check(models, claims, "seed %s, batch %s: %s".formatted(seed, i, claims));
				advance(random.nextInt(300) * 1_000_000L);
			}
		}
	}

	private void check(Map<List<String>, Model> models, List<BoundClaim> claims, String batch) {
		Map<Model, Long> sums = new LinkedHashMap<>();
		for (BoundClaim claim : claims) {
			Model model = models.computeIfAbsent(List.of(claim.policy().policy().name(), claim.key()),
					(name) -> model(claim.policy().policy().limits().get(0)));
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
			BoundClaim claim = claims.get(i);
			assertThat(decisions.get(i).policy()).as(batch).isEqualTo(claim.policy().policy());
			Model model = Objects.requireNonNull(models.get(List.of(claim.policy().policy().name(), claim.key())));
			assertThat(claim.policy().peek(claim.key()).remaining()).as(batch).isEqualTo(model.remaining(now()));
		}
	}

	@Test
	void mayBeEmptyAndNeverHoldsLessThanOnePermit() {
		assertThat(this.store.tryAcquireAll(List.of())).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> claim(this.minute, "key", 0));
	}

	@Test
	void theStageOfABatchHoldsTheSameDecisions() {
		for (int i = 0; i < 10; i++) {
			List<Decision> decisions = this.store
				.tryAcquireAll(List.of(claim(this.minute, "key", 1), claim(this.second, "key", 1)));
			List<BoundClaim> claims = List.of(claim(this.minute, "asynchronous", 1),
					claim(this.second, "asynchronous", 1));
			assertThat(this.store.tryAcquireAllAsync(claims).toCompletableFuture().join()).isEqualTo(decisions);
			advance(Duration.ofMillis(400));
		}
	}

}
