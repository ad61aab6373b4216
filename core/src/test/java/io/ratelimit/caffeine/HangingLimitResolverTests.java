package io.ratelimit.caffeine;

import java.time.Duration;

import io.ratelimit.Limit;
import io.ratelimit.Plan;
import io.ratelimit.caffeine.CachedLimitResolver.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of requests while a resolver does not answer. No test depends on how fast
 * that is.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HangingLimitResolverTests {

	private static final Duration SHORT = Duration.ofMillis(20);

	private static final Plan PRO = Plan.of("pro", Limit.valueOf("10/1h"));

	private final GivenPlans given = new GivenPlans();

	@AfterEach
	void letGo() {
		this.given.letGo();
	}

	@Test
	void aResolverThatHangsHoldsNobodyElseUp() {
		this.given.plans.put("acme", PRO);
		try (CachedLimitResolver resolver = this.given.resolver(this.given::plan, Duration.ofSeconds(2), 2)) {
			assertThat(resolver.plan("api", "hanging")).isNull();
			assertThat(resolver.lookUps(Outcome.LATE)).isEqualTo(1);
			while (resolver.plan("api", "acme") == null) {
				Thread.onSpinWait();
			}
			long start = System.nanoTime();
			for (int i = 0; i < 1000; i++) {
				assertThat(resolver.plan("api", "hanging")).isNull();
				assertThat(resolver.plan("api", "acme")).isEqualTo(PRO);
			}
			assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(100).toNanos());
			assertThat(this.given.asked).containsExactly("hanging", "acme");
		}
	}

	@Test
	void whereEveryThreadHangsNobodyWaits() {
		try (CachedLimitResolver resolver = this.given.resolver(this.given::plan, SHORT, 2)) {
			resolver.plan("api", "hanging 1");
			resolver.plan("api", "hanging 2");
			this.given.plans.put("acme", PRO);
			for (int i = 0; i < 100_000; i++) {
				assertThat(resolver.plan("api", "acme" + i)).isNull();
			}
			assertThat(this.given.asked).hasSize(2);
			assertThat(resolver.lookUps(Outcome.NOT_ASKED)).isEqualTo(100_000);
		}
	}

	@Test
	void anAnswerThatIsLateIsKept() throws Exception {
		this.given.plans.put("hanging", PRO);
		try (CachedLimitResolver resolver = this.given.resolver(this.given::plan, SHORT, 1)) {
			assertThat(resolver.plan("api", "hanging")).isNull();
			this.given.letGo();
			while (resolver.plan("api", "hanging") == null) {
				Thread.onSpinWait();
			}
			assertThat(this.given.asked).hasSize(1);
			assertThat(resolver.lookUps(Outcome.LATE)).isEqualTo(1);
		}
	}

}
