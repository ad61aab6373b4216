package io.ratelimit.spring.observe;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Limiter;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.RateLimits;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DecisionCountsTests {

	private final DecisionCounts counts = new DecisionCounts();

	private final Policy policy = Policy.of("api", Limit.valueOf("10/1m"));

	@Test
	void everyOutcomeIsCountedByItself() {
		Policy shadow = this.policy.withMode(Mode.SHADOW);
		add(allowed(9), 1);
		add(denied(this.policy, 0), 2);
		add(denied(shadow, 0), 3);
		add(Decision.notCounted(this.policy, true), 4);
		add(Decision.notCounted(this.policy, false), 5);
		assertThat(counted(Outcome.ALLOWED)).isEqualTo(1);
		assertThat(counted(Outcome.DENIED)).isEqualTo(2);
		assertThat(counted(Outcome.SHADOW_DENIED)).isEqualTo(3);
		assertThat(counted(Outcome.NOT_COUNTED)).isEqualTo(9);
	}

	@Test
	void nearIsFromFourFifthsOn() {
		add(allowed(3), 1);
		assertThat(this.counts.near("api")).isZero();
		add(allowed(2), 1);
		assertThat(this.counts.near("api")).isEqualTo(1);
		add(denied(this.policy, 0), 1);
		assertThat(this.counts.near("api")).isEqualTo(2);
		add(Decision.notCounted(this.policy, true), 1);
		add(Decision.withoutKey(this.policy), 1);
		assertThat(this.counts.near("api")).as("neither tells how much of a limit is used").isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "10/1m, 8", "100/1m, 80", "1/1m, 1", "4/1m, 4" })
	void theNthRequestIsTheFirstThatIsNear(String limit, int first) {
		Limiter limiter = registry().register(Policy.of("api", Limit.valueOf(limit)));
		for (int i = 1; i < first; i++) {
			limiter.tryAcquire("k");
		}
		assertThat(this.counts.near("api")).isZero();
		limiter.tryAcquire("k");
		assertThat(this.counts.near("api")).isEqualTo(1);
	}

	@Test
	void aBucketIsNearWhenItIsNearlyEmptyOrItsQueueNearlyFull() {
		Limiter bucket = registry().register(Policy.of("bucket", Limit.valueOf("1/1m token-bucket burst 10")));
		Limiter queue = registry().register(Policy.of("queue", Limit.valueOf("10/1s leaky-bucket max-wait 900ms")));
		bucket.tryAcquire("k", 7);
		queue.tryAcquire("k", 7);
		assertThat(this.counts.near("bucket") + this.counts.near("queue")).isZero();
		bucket.tryAcquire("k");
		queue.tryAcquire("k");
		assertThat(this.counts.near("bucket")).isEqualTo(1);
		assertThat(this.counts.near("queue")).isEqualTo(1);
	}

	@Test
	void policiesAreToldOnceWhenTheyCome() {
		List<String> told = new ArrayList<>();
		RateLimits registry = registry();
		registry.register(this.policy);
		this.counts.forEachPolicy(told::add);
		registry.register(this.policy.withMode(Mode.SHADOW));
		registry.register(Policy.of("later", Limit.valueOf("1/1m"))).tryAcquire("k");
		assertThat(told).containsExactly("api", "later");
	}

	@Test
	void anUnknownPolicyHasNoCounts() {
		assertThat(this.counts.count("unknown", Outcome.ALLOWED) + this.counts.near("unknown")).isZero();
	}

	@Test
	void failuresAreCountedByKind() {
		this.counts.onStoreFailure(new RateLimitStoreException(Kind.TIMEOUT, "on purpose", null));
		this.counts.onStoreFailure(new RateLimitStoreException("on purpose", null));
		assertThat(this.counts.failures(Kind.TIMEOUT)).isEqualTo(1);
		assertThat(this.counts.failures(Kind.OTHER)).isEqualTo(1);
		assertThat(this.counts.failures(Kind.CONNECTION)).isZero();
	}

	private RateLimits registry() {
		return RateLimits.builder(CaffeineRateLimitStore.builder().ticker(() -> 42).build())
			.listeners(List.of(this.counts))
			.build();
	}

	private void add(Decision decision, int times) {
		for (int i = 0; i < times; i++) {
			this.counts.onDecision("k", 1, decision);
		}
	}

	private long counted(Outcome outcome) {
		return this.counts.count("api", outcome);
	}

	private Decision allowed(long remaining) {
		return Decision.allowed(this.policy, this.policy.limits().get(0), remaining, 0, 1);
	}

	private static Decision denied(Policy policy, long remaining) {
		return Decision.denied(policy, policy.limits().get(0), remaining, 1, 1, null);
	}

}
