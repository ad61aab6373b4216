package io.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * What is missing is named, where callers are not checked by the compiler.
 */
@SuppressWarnings({ "DataFlowIssue", "NullAway" })
class NullTests {

	private static final Limit LIMIT = Limit.valueOf("5/1h");

	static Stream<Arguments> calls() {
		RateLimits limits = RateLimits.builder(CaffeineRateLimitStore.builder().build()).build();
		Limiter limiter = limits.register(Policy.of("api", LIMIT));
		Limiter off = limits.register(Policy.of("off", LIMIT).withMode(Mode.OFF));
		List<Limit> gap = new ArrayList<>(Arrays.asList(LIMIT, null));
		return Stream.of(call("Limit.valueOf", "limit", () -> Limit.valueOf(null)),
				call("Limit.valuesOf", "limits", () -> Limit.valuesOf(null)),
				call("Limit.time", "time", () -> Limit.time(null)), call("Limit.of", "window", () -> Limit.of(5, null)),
				call("TokenBucket.of", "window", () -> TokenBucket.of(5, null, 5)),
				call("LeakyBucket.of", "window", () -> LeakyBucket.of(5, null, Duration.ZERO)),
				call("LeakyBucket.of", "maxWait", () -> LeakyBucket.of(5, Duration.ofHours(1), null)),
				call("FixedWindow.of", "window", () -> FixedWindow.of(5, (Duration) null)),
				call("FixedWindow.of", "calendar", () -> FixedWindow.of(5, (CalendarWindow) null)),
				call("Policy.of", "name of a policy", () -> Policy.of(null, LIMIT)),
				call("Policy.of", "limits of policy 'api'", () -> Policy.of("api", (List<Limit>) null)),
				call("Policy.of", "limit of policy 'api'", () -> Policy.of("api", LIMIT, null)),
				call("Policy.of", "limit of policy 'api'", () -> Policy.of("api", gap)),
				call("withLimits", "limits of policy 'api'", () -> Policy.of("api", LIMIT).withLimits(null)),
				call("withMode", "mode", () -> Policy.of("api", LIMIT).withMode(null)),
				call("withFailureMode", "failureMode", () -> Policy.of("api", LIMIT).withFailureMode(null)),
				call("Plan.of", "name of a plan", () -> Plan.of(null, LIMIT)),
				call("Plan.of", "limits of plan 'pro'", () -> Plan.of("pro", (List<Limit>) null)),
				call("Plan.of", "limit of plan 'pro'", () -> Plan.of("pro", LIMIT, null)),
				call("RateLimits.builder", "store", () -> RateLimits.builder(null)),
				call("listeners", "listeners",
						() -> RateLimits.builder(CaffeineRateLimitStore.builder().build()).listeners(null)),
				call("register", "policy", () -> limits.register(null)),
				call("check", "policy", () -> limits.check(null)),
				call("limiter", "name of a policy", () -> limits.limiter(null)),
				call("admit", "claims", () -> limits.admit(null)),
				call("admit", "claim", () -> limits.admit(Arrays.asList((Claim) null))),
				call("admit", "claim", () -> limits.admit(Arrays.asList(limiter.claim("k", 1), null))),
				call("admitAsync", "claims", () -> limits.admitAsync(null)),
				call("admitAsync", "claim", () -> limits.admitAsync(Arrays.asList((Claim) null))),
				call("Claim.of", "limiter", () -> Claim.of(null, "k", 1)),
				call("claim", "key", () -> limiter.claim(null, 1)),
				call("tryAcquire", "key", () -> limiter.tryAcquire(null)),
				call("tryAcquire", "key", () -> off.tryAcquire(null, 2)),
				call("tryAcquireAsync", "key", () -> limiter.tryAcquireAsync(null, 1)),
				call("Limiter.admit", "key", () -> limiter.admit(null, 1)),
				call("Limiter.admitAsync", "key", () -> limiter.admitAsync(null, 1)),
				call("peek", "key", () -> limiter.peek(null)), call("reset", "key", () -> limiter.reset(null)));
	}

	private static Arguments call(String name, String missing, ThrowingCallable call) {
		return Arguments.of(name, missing, call);
	}

	@ParameterizedTest(name = "{0} without {1}")
	@MethodSource("calls")
	void whatIsMissingIsNamed(String name, String missing, ThrowingCallable call) {
		assertThatNullPointerException().isThrownBy(call)
			.withMessageContaining(missing)
			.withMessageNotContaining("Cannot invoke")
			.withMessageNotContaining("Cannot read");
	}

}
