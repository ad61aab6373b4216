package io.ratelimit.caffeine;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A key that several threads use at its limit is refused without the lock of its cell,
 * and told the same as with it.
 */
class RefusalsTests {

	private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

	private final AtomicLong time = new AtomicLong();

	private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.EPOCH);

	private final StoreClock clock = new StoreClock(this.time::get, new Clock() {

		@Override
		public Instant instant() {
			return RefusalsTests.this.wall.get();
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	});

	private final ExecutorService thread = Executors.newSingleThreadExecutor();

	@AfterEach
	void end() {
		this.thread.shutdownNow();
	}

	/**
	 * The law: until a limit has more left, the refusal of a claim changes in nothing but
	 * its times, whatever was taken and given back before.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "1/1m", "5/1m", "64/1h", "7/1s, 20/1m", "100/1m", "1000/7s, 5/1s", "3/1m, 200/1h, 10/10m",
			"5/1m fixed-window", "9/1h fixed-window, 3/7s", "10/1m token-bucket burst 3", "7/1s token-bucket",
			"1000003/1h token-bucket burst 17", "10/1s leaky-bucket max-wait 2s",
			"3/7s leaky-bucket max-wait 0s, 5/1m" })
	void aRefusalCanBeRepeatedUntilMoreIsLeft(String limits) {
		Random random = new Random(limits.hashCode());
		PolicyCounter counter = new PolicyCounter(Policy.of("api", Limit.valuesOf(limits)), this.clock, null);
		Limit first = counter.policy.limits().get(0);
		long step = first.window().toNanos() / first.permits();
		int refused = 0;
		for (int trace = 0; trace < 50; trace++) {
			Cell cell = counter.newCell();
			Decision granted = null;
			for (int i = 0; i < 200; i++) {
				this.time.addAndGet(random.nextLong(2 * step));
				long permits = 1 + random.nextLong(counter.capacity);
				Decision decision = counter.decide(cell, this.clock.now(), permits, true);
				if (decision.allowed()) {
					granted = decision;
				}
				else {
					refused++;
					assertRepeatable(counter, cell, permits, decision, random);
				}
				if (granted != null && random.nextInt(10) == 0) {
					counter.giveBack(cell, this.clock.now(), 1, granted);
				}
			}
		}
		assertThat(refused).isGreaterThan(100);
	}

	private void assertRepeatable(PolicyCounter counter, Cell cell, long permits, Decision decision, Random random) {
		long moment = this.clock.now();
		Refusal refusal = Refusal.of(cell, permits, moment, this.clock.offset(), decision);
		long passed = 0;
		while (passed < refusal.nanos()) {
			assertThat(refusal.at(moment + passed)).isEqualTo(counter.decide(cell, moment + passed, permits, false));
			passed += 1 + random.nextLong(refusal.nanos());
		}
		assertThat(refusal.at(moment + refusal.nanos() - 1))
			.isEqualTo(counter.decide(cell, moment + refusal.nanos() - 1, permits, false));
		assertThat(refusal.at(moment + refusal.nanos())).isNull();
		assertThat(refusal.at(moment - 1)).isNull();
	}

	@Test
	void aRefusalOfAKeyThatSeveralThreadsUseIsRepeatedWithoutItsLock() throws Exception {
		CaffeinePolicy limiter = limiter("2/1m, 100/1h");
		assertThat(limiter.tryAcquire("k", 2).allowed()).isTrue();
		refuseWhileLocked(limiter);
		Cell cell = limiter.generation().cell("k");
		assertThat(cell.lock()).isTrue();
		try {
			this.time.addAndGet(MINUTE / 4);
			Decision repeated = this.thread.submit(() -> limiter.tryAcquire("k", 1)).get(10, TimeUnit.SECONDS);
			assertThat(repeated.allowed()).isFalse();
			assertThat(repeated.retryAfterNanos()).isEqualTo(MINUTE / 4 * 3);
			assertThat(repeated.resetAfterNanos()).isEqualTo(MINUTE / 4 * 3);
		}
		finally {
			cell.unlock();
		}
	}

	@Test
	void aKeyIsAllowedAtTheMomentThatItsRefusalNamed() throws Exception {
		CaffeinePolicy limiter = limiter("2/1m");
		limiter.tryAcquire("k", 2);
		refuseWhileLocked(limiter);
		this.time.addAndGet(MINUTE - 1);
		assertThat(limiter.tryAcquire("k", 1).retryAfterNanos()).isEqualTo(1);
		this.time.addAndGet(1);
		assertThat(limiter.tryAcquire("k", 1).allowed()).isTrue();
	}

	@Test
	void whatIsGivenBackEndsARefusal() throws Exception {
		CaffeinePolicy limiter = limiter("2/1m");
		Decision granted = limiter.tryAcquire("k", 2);
		refuseWhileLocked(limiter);
		limiter.giveBack("k", 1, granted);
		assertThat(limiter.tryAcquire("k", 1).allowed()).isTrue();
	}

	@Test
	void aResetEndsARefusal() throws Exception {
		CaffeinePolicy limiter = limiter("2/1m");
		limiter.tryAcquire("k", 2);
		refuseWhileLocked(limiter);
		limiter.reset("k");
		assertThat(limiter.tryAcquire("k", 2).allowed()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "3/1m", "3/1h" })
	void aReplacementEndsARefusal(String limit) throws Exception {
		CaffeinePolicy limiter = limiter("2/1m");
		limiter.tryAcquire("k", 2);
		refuseWhileLocked(limiter);
		limiter.replace(Policy.of("api", Limit.valueOf(limit)));
		Decision decision = limiter.tryAcquire("k", 1);
		assertThat(decision.allowed()).isTrue();
		assertThat(decision.policy()).isEqualTo(limiter.policy());
	}

	@Test
	void aClaimOnMoreOrLessIsDecidedByItself() throws Exception {
		CaffeinePolicy limiter = limiter("10/1m");
		limiter.tryAcquire("k", 4);
		this.time.addAndGet(MINUTE / 2);
		limiter.tryAcquire("k", 6);
		refuseWhileLocked(limiter);
		assertThat(limiter.tryAcquire("k", 4).retryAfterNanos()).isEqualTo(MINUTE / 2);
		assertThat(limiter.tryAcquire("k", 5).retryAfterNanos()).isEqualTo(MINUTE);
	}

	@Test
	void aRefusalByAWindowOfTheCalendarEndsWhenTheClockIsSet() throws Exception {
		CaffeinePolicy limiter = limiter("2/1h fixed-window");
		limiter.tryAcquire("k", 2);
		refuseWhileLocked(limiter);
		this.wall.set(Instant.EPOCH.plusSeconds(3600));
		this.clock.align();
		assertThat(limiter.tryAcquire("k", 1).allowed()).isTrue();
	}

	@Test
	void keysOfOneHashAreToldApart() throws Exception {
		CaffeinePolicy limiter = limiter("2/1m");
		limiter.tryAcquire("AaAa", 2);
		refuseWhileLocked(limiter, "AaAa");
		this.time.addAndGet(MINUTE / 4);
		assertThat(limiter.tryAcquire("AaBB", 2).allowed()).isTrue();
		refuseWhileLocked(limiter, "AaBB");
		assertThat(limiter.tryAcquire("BBBB", 1).allowed()).isTrue();
		assertThat(limiter.tryAcquire("AaAa", 1).retryAfterNanos()).isEqualTo(MINUTE / 4 * 3);
	}

	private CaffeinePolicy limiter(String limits) {
		return new CaffeinePolicy(Policy.of("api", Limit.valuesOf(limits)), 0, this.clock,
				(counter) -> new Cells(counter, this.clock, 100, (atLimit) -> {
				}), new BoundPolicies());
	}

	private void refuseWhileLocked(CaffeinePolicy limiter) throws Exception {
		refuseWhileLocked(limiter, "k");
	}

	/**
	 * Leads a claim on a key at its limit to where another thread holds the lock.
	 */
	@SuppressWarnings("ThreadPriorityCheck") // yields to the claim
	private void refuseWhileLocked(CaffeinePolicy limiter, String key) throws Exception {
		Cell cell = limiter.generation().cell(key);
		assertThat(cell.isRefusing()).isFalse();
		for (int attempt = 0; !cell.isRefusing(); attempt++) {
			assertThat(attempt).as("claims that did not meet the lock").isLessThan(10_000);
			assertThat(cell.lock()).isTrue();
			Future<Decision> claim = this.thread.submit(() -> limiter.tryAcquire(key, 1));
			for (int i = 0; i <= attempt; i++) {
				Thread.yield();
			}
			cell.unlock();
			assertThat(claim.get(10, TimeUnit.SECONDS).allowed()).isFalse();
		}
	}

}
