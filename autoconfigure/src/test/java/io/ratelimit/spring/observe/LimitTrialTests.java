package io.ratelimit.spring.observe;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitListener;
import io.ratelimit.caffeine.CaffeineRateLimitStore;
import io.ratelimit.spring.observe.RecentDemand.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jol.info.GraphLayout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A trial of limits finds what they would have refused.
 */
class LimitTrialTests {

	private static final long STATED_BYTES = 1_000_000;

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final Nanos now = new Nanos();

	private final RecentDemand demand = new RecentDemand(this.now, true);

	private final Policy policy = Policy.of("api", Limit.valueOf("5/1m"));

	private final RateLimitListener listener = this.demand.forPolicy(this.policy);

	private final Decision decision = Decision.notCounted(this.policy, true);

	@ParameterizedTest
	@ValueSource(strings = { "5/1m", "3/1s", "100/1m", "2/1s token-bucket burst 20", "40/10s fixed-window",
			"20/1s, 300/1m", "1/1h", "100000/1h" })
	void refusesWhatTheLimitsWouldHaveRefused(String limits) {
		SplittableRandom random = new SplittableRandom(1);
		Policy tried = Policy.of("api", Limit.valuesOf(limits));
		long refused = 0;
		long requests = 0;
		boolean[] refusedKeys = new boolean[20];
		long start = this.now.nanos;
		try (CaffeineRateLimitStore store = CaffeineRateLimitStore.builder()
			.ticker(this.now::getAsLong)
			.clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
			.build()) {
			BoundPolicy bound = store.bind(tried);
			for (int second = 0; second < 400; second++) {
				List<Claim> claims = claims(random, start + second * SECOND);
				for (Claim claim : claims) {
					this.now.nanos = claim.at;
					requests++;
					boolean allowed = bound.tryAcquire("key" + claim.key).allowed();
					refused += allowed ? 0 : 1;
					refusedKeys[claim.key] |= !allowed;
					this.listener.onDecision("key" + claim.key, 1, this.decision);
				}
			}
			LimitTrial trial = trial(tried);
			assertThat(trial.requests()).isEqualTo(requests);
			assertThat(trial.refused()).isEqualTo(refused);
			assertThat(trial.keys()).isEqualTo(20);
			long count = 0;
			for (boolean each : refusedKeys) {
				count += each ? 1 : 0;
			}
			assertThat(trial.refusedKeys()).isEqualTo(count);
		}
	}

	/**
	 * Returns the claims of a second, those of each key spread evenly over it, in order.
	 */
	private static List<Claim> claims(SplittableRandom random, long second) {
		List<Claim> claims = new ArrayList<>();
		for (int key = 0; key < 20; key++) {
			int count = (random.nextInt(10) == 0) ? random.nextInt(2 + key) : 0;
			for (int i = 0; i < count; i++) {
				claims.add(new Claim(key, second + i * SECOND / count));
			}
		}
		claims.sort((one, other) -> Long.compare(one.at - other.at, 0));
		return claims;
	}

	@Test
	void costsCount() {
		for (int i = 0; i < 10; i++) {
			this.listener.onDecision("key", 4, this.decision);
		}
		assertThat(trial(Policy.of("api", Limit.valueOf("17/1m")))).isEqualTo(new LimitTrial(10, 6, 1, 1));
	}

	@Test
	void millionsOfRequestsAreTriedSoon() {
		for (int second = 0; second < 100; second++) {
			for (int i = 0; i < 20_000; i++) {
				this.listener.onDecision("key", 1, this.decision);
			}
			this.now.nanos += SECOND;
		}
		LimitTrial trial = trial(Policy.of("api", Limit.valueOf("10000/1s")));
		assertThat(trial.requests()).isEqualTo(2_000_000);
		assertThat(trial.refused()).isBetween(950_000L, 1_050_000L);
	}

	@Test
	void manyKeysAreASampleOfThemInBoundedMemory() {
		SplittableRandom random = new SplittableRandom(1);
		for (int second = 0; second < 600; second++) {
			for (int i = 0; i < 2000; i++) {
				// every tenth key asks for ten times as much
				int key = random.nextInt(10_000);
				for (int j = (key % 10 == 0) ? 10 : 1; j > 0; j--) {
					this.listener.onDecision("203.0." + key, 1, this.decision);
				}
			}
			this.now.nanos += SECOND;
		}
		Sample sample = this.demand.sample("api");
		assertThat(sample.traces()).hasSizeBetween(32, Demand.MOST_KEYS);
		assertThat(sample.traces().size() / sample.share()).isBetween(7_000.0, 13_000.0);
		assertThat(GraphLayout.parseInstance(this.listener).totalSize()).isLessThan(STATED_BYTES);
		LimitTrial trial = trial(Policy.of("api", Limit.valueOf("100/1m")));
		assertThat((double) trial.refusedKeys() / trial.keys()).isBetween(0.03, 0.25);
	}

	@Test
	void keysThatAskEverySecondTakeNoMoreThanStated() {
		for (int second = 0; second < 600; second++) {
			for (int key = 0; key < 200; key++) {
				this.listener.onDecision("key" + key, 1, this.decision);
			}
			this.now.nanos += SECOND;
		}
		assertThat(GraphLayout.parseInstance(this.listener).totalSize()).isLessThan(STATED_BYTES);
	}

	@Test
	void demandIsForgottenAfterTenMinutes() {
		this.listener.onDecision("key", 1, this.decision);
		this.now.nanos += RecentDemand.HALF_NANOS;
		assertThat(this.demand.sample("api").traces()).hasSize(1);
		this.listener.onDecision("key", 1, this.decision);
		assertThat(this.demand.sample("api").traces().get(0)).extracting(Demand.Second::second).containsExactly(0, 300);
		assertThat(this.demand.sample("api").nanos()).isEqualTo(RecentDemand.HALF_NANOS);
		this.now.nanos += 2 * RecentDemand.HALF_NANOS;
		assertThat(this.demand.sample("api").traces()).isEmpty();
	}

	@Test
	void aPolicyThatIsReplacedKeepsItsDemand() {
		this.listener.onDecision("key", 1, this.decision);
		this.demand.forPolicy(this.policy.withLimits(List.of(Limit.valueOf("6/1m"))))
			.onDecision("key", 1, this.decision);
		assertThat(trial(this.policy).requests()).isEqualTo(2);
	}

	@Test
	void whereNobodyCanChangeALimitNothingIsNoted() {
		RecentDemand unwanted = new RecentDemand(this.now, false);
		unwanted.forPolicy(this.policy).onDecision("key", 1, this.decision);
		assertThat(unwanted.sample("api")).isEqualTo(new Sample(0, 1, List.of()));
	}

	private LimitTrial trial(Policy policy) {
		return LimitTrial.of(policy, this.demand.sample("api"), Instant.EPOCH);
	}

	/** No lambda, which cannot be measured. */
	private static final class Nanos implements LongSupplier {

		private long nanos = Long.MAX_VALUE - 5 * SECOND;

		@Override
		public long getAsLong() {
			return this.nanos;
		}

	}

	private record Claim(int key, long at) {

	}

}
