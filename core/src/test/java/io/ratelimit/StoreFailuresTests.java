package io.ratelimit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is decided where the store cannot.
 */
class StoreFailuresTests {

	private final AtomicLong clock = new AtomicLong();

	private final CaffeineRateLimitStore local = CaffeineRateLimitStore.builder().build();

	private final BrokenStore store = new BrokenStore();

	private final RateLimits registry = RateLimits.builder(this.store).local(this.local).clock(this.clock::get).build();

	private final Policy policy = Policy.of("api", Limit.valueOf("2/1m"));

	@AfterEach
	void close() {
		this.local.close();
		this.store.close();
	}

	@Test
	void anAnswerThatNobodyWaitsForEndsAnOutageAsAnyOther() {
		Limiter limiter = this.registry.register(this.policy);
		limiter.tryAcquireAsync("somebody", 1).toCompletableFuture().join();
		assertThat(this.registry.outage()).extracting(Outage::notCounted, Outage::over).containsExactly(1L, false);
		this.store.mend();
		this.clock.addAndGet(Duration.ofSeconds(1).toNanos());
		limiter.tryAcquireAsync("somebody", 1).toCompletableFuture().join();
		assertThat(this.registry.outage()).extracting(Outage::over).isEqualTo(true);
		assertThat(this.registry.outages()).isOne();
	}

	/**
	 * Whoever fills a store with invented keys would else switch the limits off.
	 */
	@ParameterizedTest
	@EnumSource(FailureMode.class)
	void aStoreThatIsFullIsStoodInForInProcess(FailureMode mode) {
		this.store.fail(Kind.FULL);
		Limiter limiter = this.registry.register(this.policy.withFailureMode(mode));
		boolean counts = mode != FailureMode.DENY;
		for (int i = 0; i < 3; i++) {
			Decision decision = limiter.tryAcquire("somebody");
			assertThat(decision.allowed()).isEqualTo(counts && i < 2);
			assertThat(decision.counted()).isEqualTo(counts);
		}
		assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.reset("somebody"));
		assertThat(limiter.tryAcquire("somebody").allowed()).isEqualTo(counts);
	}

}
