package io.ratelimit;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RateLimiterRegistryTests {

	private final List<Decision> told = new ArrayList<>();

	private final List<Policy> policies = new ArrayList<>();

	private final List<RateLimitStoreException> failures = new ArrayList<>();

	private final Policy policy = Policy.of("api", Limit.valueOf("2/1m"));

	private final Policy other = Policy.of("other", Limit.valueOf("1/1m"));

	@Test
	void anUnknownPolicyIsNamedBesideTheKnownOnes() {
		RateLimiterRegistry registry = registry(store());
		registry.register(this.policy);
		registry.register(this.other);
		assertThatIllegalArgumentException().isThrownBy(() -> registry.limiter("apj"))
			.withMessage("there is no policy 'apj': known are [api, other]");
	}

	@Test
	void limitersFollowTheirPolicy() {
		RateLimiterRegistry registry = registry(store());
		RateLimiter limiter = registry.register(this.policy);
		limiter.tryAcquire("k", 2);
		registry.register(this.policy.withLimits(List.of(Limit.valueOf("3/1m"))));
		assertThat(limiter.policy().limits()).containsExactly(Limit.valueOf("3/1m"));
		assertThat(limiter.tryAcquire("k").allowed()).isTrue();
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		assertThat(registry.limiter("api")).isSameAs(limiter);
	}

	@Test
	void listenersAreToldOfEveryFinalDecision() {
		RateLimiterRegistry registry = registry(store());
		RateLimiter limiter = registry.register(this.policy);
		limiter.peek("k");
		Decision first = limiter.tryAcquire("k");
		Decision second = limiter.tryAcquireAsync("k", 2).toCompletableFuture().join();
		assertThat(this.told).containsExactly(first, second);
	}

	@Test
	void ofARefusedBatchOnlyTheRefusalsAreTold() {
		RateLimiterRegistry registry = registry(store());
		registry.register(this.policy);
		registry.register(this.other);
		List<Decision> decisions = registry
			.tryAcquireAll(List.of(new Claim(this.policy, "k", 1), new Claim(this.other, "k", 2)));
		assertThat(decisions).extracting(Decision::allowed).containsExactly(true, false);
		assertThat(this.told).containsExactly(decisions.get(1));
	}

	@Test
	void aShadowPolicyIsToldOnceWhetherOrNotTheRequestIsRefused() {
		RateLimiterRegistry registry = registry(store());
		registry.register(this.policy);
		registry.register(this.other.withMode(Mode.SHADOW));
		List<Claim> claims = List.of(new Claim(this.other, "k", 1), new Claim(this.policy, "k", 1));
		assertThat(told(registry, claims)).containsExactlyInAnyOrder("other true", "api true");
		assertThat(told(registry, claims)).containsExactlyInAnyOrder("other false", "api true");
		assertThat(told(registry, claims)).containsExactlyInAnyOrder("other false", "api false");
		registry.limiter("other").reset("k");
		assertThat(told(registry, claims)).as("it would have allowed, and nothing is taken")
			.containsExactly("api false");
	}

	@Test
	void aRequestWithoutKeyIsToldAsADenial() {
		RateLimiterRegistry registry = registry(store());
		registry.register(this.policy);
		registry.register(this.other.withMode(Mode.OFF));
		assertThat(registry.denyWithoutKey("api").refuses()).isTrue();
		assertThat(registry.denyWithoutKey("other").refuses()).isFalse();
		assertThat(this.told).containsExactly(Decision.withoutKey(this.policy));
	}

	@Test
	void listenersAreToldOfPoliciesThatComeAndChange() {
		RateLimiterRegistry registry = registry(store());
		Policy shadow = this.policy.withMode(Mode.SHADOW);
		registry.register(this.policy);
		registry.register(shadow);
		assertThat(this.policies).containsExactly(this.policy, shadow);
	}

	@Test
	void aListenerCanHaveOneForEachPolicy() {
		List<String> heard = new ArrayList<>();
		RateLimiterRegistry registry = RateLimiterRegistry.builder(store()).listeners(List.of(new RateLimitListener() {
			@Override
			public RateLimitListener forPolicy(Policy policy) {
				return new RateLimitListener() {
					@Override
					public void onDecision(String key, long permits, Decision decision) {
						heard.add(policy.name() + " " + policy.mode() + " " + decision.policy().name());
					}
				};
			}
		})).build();
		registry.register(this.policy).tryAcquire("k");
		registry.register(this.other);
		registry.tryAcquireAll(List.of(new Claim(this.policy, "k", 1), new Claim(this.other, "k", 1)));
		registry.register(this.policy.withMode(Mode.SHADOW)).tryAcquireAsync("k", 1).toCompletableFuture().join();
		registry.denyWithoutKey("other");
		assertThat(heard).containsExactly("api ENFORCE api", "api ENFORCE api", "other ENFORCE other", "api SHADOW api",
				"other ENFORCE other");
	}

	@Test
	void anErrorOfAListenerIsNobodyElses() {
		List<String> told = new ArrayList<>();
		RateLimiterRegistry registry = RateLimiterRegistry.builder(store()).listeners(List.of(new RateLimitListener() {
			@Override
			public RateLimitListener forPolicy(Policy policy) {
				throw new NoClassDefFoundError("on purpose");
			}

			@Override
			public void onDecision(String key, long permits, Decision decision) {
				throw new AssertionError("on purpose");
			}
		}, new RateLimitListener() {
			@Override
			public void onDecision(String key, long permits, Decision decision) {
				told.add(key);
			}
		})).build();
		RateLimiter limiter = registry.register(Policy.of("api", Limit.valueOf("1/1h")));
		assertThat(limiter.tryAcquire("a").allowed()).isTrue();
		assertThat(limiter.tryAcquire("a").allowed()).isFalse();
		assertThat(told).containsExactly("a", "a");
	}

	@Test
	void aListenerThatFailsIsDropped() {
		RateLimiterRegistry registry = RateLimiterRegistry.builder(store()).listeners(List.of(new RateLimitListener() {
			@Override
			public void onDecision(String key, long permits, Decision decision) {
				throw new IllegalStateException("on purpose");
			}
		})).build();
		assertThat(registry.register(this.policy).tryAcquire("k").allowed()).isTrue();
	}

	@Test
	void shadowNeitherVetoesNorCharges() {
		RateLimiterRegistry registry = registry(store());
		RateLimiter enforced = registry.register(this.policy);
		RateLimiter shadow = registry.register(this.other.withMode(Mode.SHADOW));
		List<Claim> claims = List.of(new Claim(this.other, "k", 1), new Claim(this.policy, "k", 1));
		assertThat(registry.tryAcquireAll(claims)).extracting(Decision::refuses).containsExactly(false, false);
		assertThat(registry.tryAcquireAll(claims)).extracting(Decision::allowed).containsExactly(false, true);
		assertThat(registry.tryAcquireAll(claims)).extracting(Decision::refuses).containsExactly(false, true);
		assertThat(enforced.peek("k").remaining()).isZero();
		shadow.reset("k");
		registry.tryAcquireAll(claims);
		assertThat(shadow.peek("k").remaining()).as("nothing is taken of a refused request").isEqualTo(1);
	}

	@Test
	void offDecidesNothing() {
		RateLimiterRegistry registry = registry(store());
		RateLimiter limiter = registry.register(this.policy.withMode(Mode.OFF));
		for (int i = 0; i < 5; i++) {
			assertThat(limiter.tryAcquire("k")).isEqualTo(Decision.notCounted(limiter.policy(), true));
		}
		assertThat(this.told).isEmpty();
	}

	@Test
	void aDisabledRegistryTurnsEveryPolicyOff() {
		RateLimiterRegistry registry = RateLimiterRegistry.builder(store()).enabled(false).build();
		assertThat(registry.register(this.policy).policy().mode()).isEqualTo(Mode.OFF);
	}

	@ParameterizedTest
	@EnumSource(FailureMode.class)
	void aStoreThatFailsIsAnsweredByTheFailureMode(FailureMode mode) {
		RateLimiterRegistry registry = registry(new BrokenStore());
		RateLimiter limiter = registry.register(this.policy.withFailureMode(mode));
		Decision decision = limiter.tryAcquire("k");
		Decision later = limiter.tryAcquireAsync("k", 1).toCompletableFuture().join();
		assertThat(decision.allowed()).isEqualTo(mode != FailureMode.DENY);
		assertThat(decision.counted()).isEqualTo(mode == FailureMode.LOCAL);
		assertThat(later.allowed()).isEqualTo(mode != FailureMode.DENY);
		assertThat(limiter.tryAcquire("k").allowed()).isEqualTo(mode == FailureMode.ALLOW);
		assertThat(this.failures).hasSize(3);
	}

	@Test
	void aChangedPolicyAppliesWhereTheStoreFailsToo() {
		RateLimiterRegistry registry = registry(new BrokenStore());
		Policy local = this.policy.withFailureMode(FailureMode.LOCAL);
		RateLimiter limiter = registry.register(local);
		assertThat(limiter.tryAcquire("k", 2).allowed()).isTrue();
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		registry.register(local.withLimits(List.of(Limit.valueOf("3/1m"))));
		assertThat(limiter.tryAcquire("k").allowed()).isTrue();
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
	}

	@Test
	void aBatchOnAStoreThatFailsIsStillAllOrNone() {
		RateLimiterRegistry registry = registry(new BrokenStore());
		RateLimiter local = registry.register(this.policy.withFailureMode(FailureMode.LOCAL));
		registry.register(this.other.withFailureMode(FailureMode.DENY));
		List<Decision> decisions = registry
			.tryAcquireAll(List.of(new Claim(this.policy, "k", 2), new Claim(this.other, "k", 1)));
		assertThat(decisions).extracting(Decision::refuses).containsExactly(false, true);
		assertThat(local.tryAcquire("k", 2).allowed()).isTrue();
	}

	private List<String> told(RateLimiterRegistry registry, List<Claim> claims) {
		this.told.clear();
		registry.tryAcquireAll(claims);
		return this.told.stream().map((decision) -> decision.policy().name() + " " + decision.allowed()).toList();
	}

	private RateLimiterRegistry registry(RateLimitStore store) {
		return RateLimiterRegistry.builder(store).local(store()).listeners(List.of(new RateLimitListener() {

			@Override
			public void onDecision(String key, long permits, Decision decision) {
				RateLimiterRegistryTests.this.told.add(decision);
			}

			@Override
			public RateLimitListener forPolicy(Policy policy) {
				RateLimiterRegistryTests.this.policies.add(policy);
				return this;
			}

			@Override
			public void onStoreFailure(RateLimitStoreException failure) {
				RateLimiterRegistryTests.this.failures.add(failure);
			}

		})).build();
	}

	private static RateLimitStore store() {
		return CaffeineRateLimitStore.builder().ticker(() -> 42).build();
	}

}
