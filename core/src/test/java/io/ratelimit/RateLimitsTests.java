package io.ratelimit;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RateLimitsTests {

	private final List<Decision> told = new ArrayList<>();

	private final List<Policy> policies = new ArrayList<>();

	private final List<RateLimitStoreException> failures = new ArrayList<>();

	private final Policy policy = Policy.of("api", Limit.valueOf("2/1m"));

	private final Policy other = Policy.of("other", Limit.valueOf("1/1m"));

	@Test
	void anUnknownPolicyIsNamedBesideTheKnownOnes() {
		RateLimits registry = registry(store());
		registry.register(this.policy);
		registry.register(this.other);
		assertThatIllegalArgumentException().isThrownBy(() -> registry.limiter("apj"))
			.withMessage("there is no policy 'apj': known are [api, other]");
	}

	@Test
	void claimsOfOtherRateLimitsAreRefusedAndTakeNothing() {
		RateLimits registry = registry(store());
		Limiter own = registry.register(this.policy);
		RateLimits elsewhere = registry(store());
		Limiter foreign = elsewhere.register(this.policy);
		for (List<Claim> claims : List.of(List.of(foreign.claim("k", 1)),
				List.of(own.claim("k", 1), foreign.claim("k", 1)), List.of(foreign.claim("k", 1), own.claim("k", 1)))) {
			assertThatIllegalArgumentException().isThrownBy(() -> registry.admit(claims))
				.withMessage("a claim on policy 'api' of other RateLimits: claims are admitted by those that have "
						+ "made their limiters");
			assertThatIllegalArgumentException().isThrownBy(() -> registry.admitAsync(claims))
				.withMessageContaining("a claim on policy 'api' of other RateLimits");
		}
		assertThat(this.told).isEmpty();
		assertThat(own.peek("k").remaining()).isEqualTo(2);
		assertThat(foreign.peek("k").remaining()).isEqualTo(2);
		assertThat(elsewhere.admit(List.of(foreign.claim("k", 1))).granted()).isTrue();
	}

	@Test
	void aResetOfAllKeysIsToldToListenersByPolicy() {
		List<String> reset = new ArrayList<>();
		RateLimits registry = RateLimits.builder(store()).listeners(List.of(new RateLimitListener() {

			@Override
			public void onResetAll(Policy policy) {
				reset.add(policy.name());
			}

		})).build();
		Limiter limiter = registry.register(this.policy);
		Limiter other = registry.register(this.other);
		limiter.tryAcquire("k", 2);
		other.tryAcquire("k");
		limiter.resetAll();
		assertThat(reset).containsExactly("api");
		assertThat(limiter.peek("k").remaining()).isEqualTo(2);
		assertThat(other.peek("k").remaining()).isZero();
		registry.resetAll();
		assertThat(reset).containsExactlyInAnyOrder("api", "api", "other");
		assertThat(other.peek("k").remaining()).isEqualTo(1);
	}

	@Test
	void claimsOfAPlanAreThoseOfItsRateLimits() {
		RateLimits registry = RateLimits.builder(store())
			.limitResolver((policy, key) -> Plan.of("pro", Limit.valueOf("3/1m")))
			.build();
		Limiter own = registry.register(this.policy);
		own.tryAcquire("k");
		Limiter plan = registry.limiter("api.pro");
		assertThat(registry.admit(List.of(own.claim("k", 1), plan.claim("k", 1))).granted()).isTrue();
		assertThat(registry.admit(List.of(plan.claim("j", 1))).granted()).isTrue();
	}

	@Test
	void limitersFollowTheirPolicy() {
		RateLimits registry = registry(store());
		Limiter limiter = registry.register(this.policy);
		limiter.tryAcquire("k", 2);
		registry.register(this.policy.withLimits(List.of(Limit.valueOf("3/1m"))));
		assertThat(limiter.policy().limits()).containsExactly(Limit.valueOf("3/1m"));
		assertThat(limiter.tryAcquire("k").allowed()).isTrue();
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		assertThat(registry.limiter("api")).isSameAs(limiter);
	}

	@Test
	void listenersAreToldOfEveryFinalDecision() {
		RateLimits registry = registry(store());
		Limiter limiter = registry.register(this.policy);
		limiter.peek("k");
		Decision first = limiter.tryAcquire("k");
		Decision second = limiter.tryAcquireAsync("k", 2).toCompletableFuture().join();
		assertThat(this.told).containsExactly(first, second);
	}

	@Test
	void ofARefusedBatchOnlyTheRefusalsAreTold() {
		RateLimits registry = registry(store());
		registry.register(this.policy);
		registry.register(this.other);
		List<Decision> decisions = registry
			.admit(List.of(claim(registry, this.policy, "k", 1), claim(registry, this.other, "k", 2)))
			.decisions();
		assertThat(decisions).extracting(Decision::allowed).containsExactly(true, false);
		assertThat(this.told).containsExactly(decisions.get(1));
	}

	@Test
	void aShadowPolicyIsToldOnceWhetherOrNotTheRequestIsRefused() {
		RateLimits registry = registry(store());
		registry.register(this.policy);
		registry.register(this.other.withMode(Mode.SHADOW));
		List<Claim> claims = List.of(claim(registry, this.other, "k", 1), claim(registry, this.policy, "k", 1));
		assertThat(told(registry, claims)).containsExactlyInAnyOrder("other true", "api true");
		assertThat(told(registry, claims)).containsExactlyInAnyOrder("other false", "api true");
		assertThat(told(registry, claims)).containsExactlyInAnyOrder("other false", "api false");
		registry.limiter("other").reset("k");
		assertThat(told(registry, claims)).as("it would have allowed, and nothing is taken")
			.containsExactly("api false");
	}

	@Test
	void aRequestWithoutKeyIsToldAsADenial() {
		RateLimits registry = registry(store());
		registry.register(this.policy);
		registry.register(this.other.withMode(Mode.OFF));
		assertThat(registry.limiter("api").denyWithoutKey().refuses()).isTrue();
		assertThat(registry.limiter("other").denyWithoutKey().refuses()).isFalse();
		assertThat(this.told).containsExactly(Decision.withoutKey(this.policy));
	}

	@Test
	void listenersAreToldOfPoliciesThatComeAndChange() {
		RateLimits registry = registry(store());
		Policy shadow = this.policy.withMode(Mode.SHADOW);
		registry.register(this.policy);
		registry.register(shadow);
		assertThat(this.policies).containsExactly(this.policy, shadow);
	}

	@Test
	void aListenerCanHaveOneForEachPolicy() {
		List<String> heard = new ArrayList<>();
		RateLimits registry = RateLimits.builder(store()).listeners(List.of(new RateLimitListener() {
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
		registry.admit(List.of(claim(registry, this.policy, "k", 1), claim(registry, this.other, "k", 1))).decisions();
		registry.register(this.policy.withMode(Mode.SHADOW)).tryAcquireAsync("k", 1).toCompletableFuture().join();
		registry.limiter("other").denyWithoutKey();
		assertThat(heard).containsExactly("api ENFORCE api", "api ENFORCE api", "other ENFORCE other", "api SHADOW api",
				"other ENFORCE other");
	}

	@Test
	void anErrorOfAListenerIsNobodyElses() {
		List<String> told = new ArrayList<>();
		RateLimits registry = RateLimits.builder(store()).listeners(List.of(new RateLimitListener() {
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
		Limiter limiter = registry.register(Policy.of("api", Limit.valueOf("1/1h")));
		assertThat(limiter.tryAcquire("a").allowed()).isTrue();
		assertThat(limiter.tryAcquire("a").allowed()).isFalse();
		assertThat(told).containsExactly("a", "a");
	}

	@Test
	void aListenerThatFailsIsDropped() {
		RateLimits registry = RateLimits.builder(store()).listeners(List.of(new RateLimitListener() {
			@Override
			public void onDecision(String key, long permits, Decision decision) {
				throw new IllegalStateException("on purpose");
			}
		})).build();
		assertThat(registry.register(this.policy).tryAcquire("k").allowed()).isTrue();
	}

	@Test
	void shadowNeitherVetoesNorCharges() {
		RateLimits registry = registry(store());
		Limiter enforced = registry.register(this.policy);
		Limiter shadow = registry.register(this.other.withMode(Mode.SHADOW));
		List<Claim> claims = List.of(claim(registry, this.other, "k", 1), claim(registry, this.policy, "k", 1));
		assertThat(registry.admit(claims).decisions()).extracting(Decision::refuses).containsExactly(false, false);
		assertThat(registry.admit(claims).decisions()).extracting(Decision::allowed).containsExactly(false, true);
		assertThat(registry.admit(claims).decisions()).extracting(Decision::refuses).containsExactly(false, true);
		assertThat(enforced.peek("k").remaining()).isZero();
		shadow.reset("k");
		registry.admit(claims).decisions();
		assertThat(shadow.peek("k").remaining()).as("nothing is taken of a refused request").isEqualTo(1);
	}

	@Test
	void offDecidesNothing() {
		RateLimits registry = registry(store());
		Limiter limiter = registry.register(this.policy.withMode(Mode.OFF));
		for (int i = 0; i < 5; i++) {
			assertThat(limiter.tryAcquire("k")).isEqualTo(Decision.notCounted(limiter.policy(), true));
		}
		assertThat(this.told).isEmpty();
	}

	@Test
	void aDisabledRegistryTurnsEveryPolicyOff() {
		RateLimits registry = RateLimits.builder(store()).enabled(false).build();
		assertThat(registry.register(this.policy).policy().mode()).isEqualTo(Mode.OFF);
	}

	@ParameterizedTest
	@EnumSource(FailureMode.class)
	void aStoreThatFailsIsAnsweredByTheFailureMode(FailureMode mode) {
		RateLimits registry = registry(new BrokenStore());
		Limiter limiter = registry.register(this.policy.withFailureMode(mode));
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
		RateLimits registry = registry(new BrokenStore());
		Policy local = this.policy.withFailureMode(FailureMode.LOCAL);
		Limiter limiter = registry.register(local);
		assertThat(limiter.tryAcquire("k", 2).allowed()).isTrue();
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
		registry.register(local.withLimits(List.of(Limit.valueOf("3/1m"))));
		assertThat(limiter.tryAcquire("k").allowed()).isTrue();
		assertThat(limiter.tryAcquire("k").allowed()).isFalse();
	}

	@Test
	void aBatchOnAStoreThatFailsIsStillAllOrNone() {
		RateLimits registry = registry(new BrokenStore());
		Limiter local = registry.register(this.policy.withFailureMode(FailureMode.LOCAL));
		registry.register(this.other.withFailureMode(FailureMode.DENY));
		List<Decision> decisions = registry
			.admit(List.of(claim(registry, this.policy, "k", 2), claim(registry, this.other, "k", 1)))
			.decisions();
		assertThat(decisions).extracting(Decision::refuses).containsExactly(false, true);
		assertThat(local.tryAcquire("k", 2).allowed()).isTrue();
	}

	private List<String> told(RateLimits registry, List<Claim> claims) {
		this.told.clear();
		registry.admit(claims).decisions();
		return this.told.stream().map((decision) -> decision.policy().name() + " " + decision.allowed()).toList();
	}

	private RateLimits registry(RateLimitStore store) {
		return RateLimits.builder(store).local(store()).listeners(List.of(new RateLimitListener() {

			@Override
			public void onDecision(String key, long permits, Decision decision) {
				RateLimitsTests.this.told.add(decision);
			}

			@Override
			public RateLimitListener forPolicy(Policy policy) {
				RateLimitsTests.this.policies.add(policy);
				return this;
			}

			@Override
			public void onStoreFailure(RateLimitStoreException failure) {
				RateLimitsTests.this.failures.add(failure);
			}

		})).build();
	}

	private static Claim claim(RateLimits registry, Policy policy, String key, long permits) {
		return registry.limiter(policy.name()).claim(key, permits);
	}

	private static RateLimitStore store() {
		return CaffeineRateLimitStore.builder().ticker(() -> 42).build();
	}

}
