package io.ratelimit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.ratelimit.RateLimitStoreException.Kind;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

	@ParameterizedTest
	@CsvSource({ "ALLOW,3,0,0", "DENY,0,3,0", "LOCAL,0,0,3" })
	void anOutageKnowsHowDecisionsWereMade(FailureMode mode, long allowed, long denied, long local) {
		Limiter limiter = this.registry.register(this.policy.withFailureMode(mode));
		for (int i = 0; i < 3; i++) {
			assertThat(limiter.tryAcquire("somebody").local()).isEqualTo(mode == FailureMode.LOCAL);
		}
		assertThat(this.registry.outage())
			.extracting(Outage::allowed, Outage::denied, Outage::local, Outage::notCounted)
			.containsExactly(allowed, denied, local, 3L);
	}

	@Test
	void aLookShowsWhatTheLocalStoreHasCounted() {
		Limiter limiter = this.registry.register(this.policy.withFailureMode(FailureMode.LOCAL));
		limiter.tryAcquire("somebody");
		assertThat(limiter.peek("somebody")).returns(true, Decision::local)
			.returns(true, Decision::counted)
			.returns(1L, Decision::remaining);
		limiter.tryAcquire("somebody");
		assertThat(limiter.tryAcquire("somebody")).returns(true, Decision::local).returns(false, Decision::allowed);
		assertThat(limiter.peek("somebody")).returns(true, Decision::counted).returns(false, Decision::allowed);
		this.store.mend();
		assertThat(limiter.peek("somebody")).returns(false, Decision::local).returns(2L, Decision::remaining);
	}

	@ParameterizedTest
	@CsvSource({ "ALLOW,true", "DENY,false" })
	void aLookIsNotCountedWhereDecisionsAreNot(FailureMode mode, boolean allowed) {
		Limiter limiter = this.registry.register(this.policy.withFailureMode(mode));
		assertThat(limiter.peek("somebody")).returns(false, Decision::counted).returns(allowed, Decision::allowed);
	}

	/**
	 * A look needs no memory, so that a store that is full answers it.
	 */
	@ParameterizedTest
	@CsvSource({ "ALLOW,true,false", "DENY,false,false", "LOCAL,true,false" })
	void aLookWhileTheStoreIsFullShowsWhatWouldBeDecided(FailureMode mode, boolean local, boolean allowed) {
		this.store.fail(Kind.FULL);
		Limiter limiter = this.registry.register(this.policy.withFailureMode(mode));
		limiter.tryAcquire("somebody", 2);
		this.store.mend();
		assertThat(limiter.peek("somebody")).returns(local, Decision::local)
			.returns(local, Decision::counted)
			.returns(allowed, Decision::allowed);
		this.clock.addAndGet(Duration.ofSeconds(1).toNanos());
		this.registry.ping(Duration.ofSeconds(1));
		assertThat(limiter.peek("somebody")).returns(false, Decision::local).returns(true, Decision::allowed);
	}

	@Test
	void whereTheStoreCannotForgetNothingIsForgotten() {
		Limiter limiter = this.registry.register(this.policy.withFailureMode(FailureMode.LOCAL));
		assertThat(limiter.tryAcquire("somebody", 2)).returns(true, Decision::local).returns(true, Decision::allowed);
		assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(() -> limiter.reset("somebody"));
		assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(limiter::resetAll);
		assertThatExceptionOfType(RateLimitStoreException.class).isThrownBy(this.registry::resetAll);
		assertThat(limiter.tryAcquire("somebody")).returns(true, Decision::local).returns(false, Decision::allowed);
	}

	@Test
	void aStoreThatIsAskedWithoutADecisionBeginsAnOutageAndEndsIt() {
		assertThatExceptionOfType(RateLimitStoreException.class)
			.isThrownBy(() -> this.registry.ping(Duration.ofSeconds(1)));
		assertThat(this.registry.outage()).extracting(Outage::notCounted, Outage::over).containsExactly(0L, false);
		this.store.mend();
		this.registry.ping(Duration.ofSeconds(1));
		assertThat(this.registry.outage()).extracting(Outage::over).isEqualTo(false);
		this.clock.addAndGet(Duration.ofSeconds(1).toNanos());
		this.registry.ping(Duration.ofSeconds(1));
		assertThat(this.registry.outage()).extracting(Outage::over).isEqualTo(true);
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
	}

}
