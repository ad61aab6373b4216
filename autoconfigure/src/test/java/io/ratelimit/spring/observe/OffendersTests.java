package io.ratelimit.spring.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.spring.observe.RecentRefusals.Summary;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.GraphLayout;

import static org.assertj.core.api.Assertions.assertThat;

class OffendersTests {

	private static final long STATED_BYTES = 80_000;

	private final Clock clock = new Clock();

	private final Offenders offenders = new Offenders(this.clock);

	private final Policy policy = Policy.of("api", Limit.valueOf("1/1m"));

	@Test
	void theWorstComesFirst() {
		refuse("mild", 1);
		refuse("worst", 3);
		refuse("bad", 2);
		assertThat(summary().worst()).containsExactly(new Offender("worst", 3, 0), new Offender("bad", 2, 0),
				new Offender("mild", 1, 0));
		assertThat(summary().refusals()).isEqualTo(6);
	}

	@Test
	void whoIsCertainToBeRefusedComesBeforeWhoMayBe() {
		for (int i = 0; i < 10_000; i++) {
			refuse("once" + i, 1);
		}
		refuse("for certain", 50);
		assertThat(summary().worst().get(0).key()).isEqualTo("for certain");
		assertThat(summary().worst().get(0).certain()).isEqualTo(50);
	}

	@Test
	void whatIsAllowedOrNotCountedIsNoOffence() {
		Limit limit = this.policy.limits().get(0);
		this.offenders.onDecision("k", 1, Decision.allowed(this.policy, limit, 0, 0, 0));
		this.offenders.onDecision("k", 1, Decision.notCounted(this.policy, false));
		assertThat(summary()).isEqualTo(new Summary(0, 0, List.of()));
	}

	@Test
	void whoWouldBeRefusedIsAnOffenderToo() {
		Policy shadow = this.policy.withMode(Mode.SHADOW);
		this.offenders.onDecision("k", 1, Decision.denied(shadow, shadow.limits().get(0), 0, 1, 1, null));
		assertThat(summary().worst()).containsExactly(new Offender("k", 1, 0));
	}

	@Test
	void policiesDoNotMix() {
		refuse("k", 1);
		assertThat(this.offenders.summary("other", 10)).isEqualTo(new Summary(0, 0, List.of()));
	}

	@Test
	void whatWasRefusedIsKnownForFiveMinutesAndForgottenAfterTen() {
		refuse("k", 2);
		advance(Duration.ofNanos(RecentRefusals.HALF_NANOS - 1));
		refuse("k", 1);
		advance(Duration.ofMinutes(5));
		assertThat(summary().worst()).containsExactly(new Offender("k", 3, 0));
		advance(Duration.ofNanos(1));
		assertThat(summary()).isEqualTo(new Summary(0, 0, List.of()));
	}

	@Test
	void bothHalvesCountTogether() {
		refuse("k", 2);
		refuse("former", 1);
		advance(Duration.ofMinutes(5));
		refuse("k", 5);
		refuse("later", 1);
		assertThat(summary().worst()).containsExactly(new Offender("k", 7, 0), new Offender("former", 1, 0),
				new Offender("later", 1, 0));
	}

	@Test
	void afterAPauseNothingOfOldIsCounted() {
		refuse("k", 2);
		advance(Duration.ofHours(3));
		refuse("k", 1);
		assertThat(summary().worst()).containsExactly(new Offender("k", 1, 0));
	}

	@Test
	void whatIsTrueOfASketchIsTrueOfBothHalves() {
		SplittableRandom random = new SplittableRandom(42);
		Map<String, Long> truth = new HashMap<>();
		for (int half = 0; half < 2; half++) {
			for (int i = 0; i < 50_000; i++) {
				String key = "k" + (int) Math.pow(random.nextDouble() * 30, 2);
				key = (random.nextInt(3) == 0) ? "once" + half + "-" + i : key;
				refuse(key, 1);
				truth.merge(key, 1L, Long::sum);
			}
			if (half == 0) {
				advance(Duration.ofMinutes(5));
			}
		}
		List<Offender> found = this.offenders.summary("api", Integer.MAX_VALUE).worst();
		assertThat(found).allSatisfy((offender) -> {
			long count = truth.getOrDefault(offender.key(), 0L);
			assertThat(offender.refusals()).isGreaterThanOrEqualTo(count);
			assertThat(offender.certain()).isLessThanOrEqualTo(count);
		});
		assertThat(found).extracting(Offender::key)
			.containsAll(truth.entrySet()
				.stream()
				.filter((entry) -> entry.getValue() > 100_000 / RecentRefusals.CAPACITY)
				.map(Map.Entry::getKey)
				.toList());
	}

	@Test
	void aHundredThousandKeysTakeNoMoreThanTheStatedBytes() {
		for (int half = 0; half < 2; half++) {
			for (int i = 0; i < 100_000; i++) {
				refuse(half + "-" + i + "\u6d41".repeat(SpaceSaving.LONGEST_KEY), 1);
			}
			advance(Duration.ofMinutes(half == 0 ? 5 : 0));
		}
		assertThat(this.offenders.summary("api", Integer.MAX_VALUE).worst()).hasSize(2 * RecentRefusals.CAPACITY);
		assertThat(GraphLayout.parseInstance(this.offenders).totalSize()).isLessThan(STATED_BYTES);
	}

	@Test
	void nobodyWaitsAndWhatIsMissedIsCounted() throws InterruptedException {
		int threads = 4;
		int refusals = 100_000;
		long all = 400_000;
		CountDownLatch begin = new CountDownLatch(1);
		List<Thread> running = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			String key = "k" + i;
			Thread thread = new Thread(() -> {
				try {
					begin.await();
					refuse(key, refusals);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			thread.start();
			running.add(thread);
		}
		begin.countDown();
		for (Thread thread : running) {
			thread.join();
		}
		Summary summary = summary();
		assertThat(summary.refusals()).isEqualTo(all);
		assertThat(summary.missed() + summary.worst().stream().mapToLong(Offender::refusals).sum()).isEqualTo(all);
	}

	private Summary summary() {
		return this.offenders.summary("api", 10);
	}

	private void refuse(String key, int times) {
		Decision decision = Decision.denied(this.policy, this.policy.limits().get(0), 0, 1, 1, null);
		for (int i = 0; i < times; i++) {
			this.offenders.onDecision(key, 1, decision);
		}
	}

	private void advance(Duration time) {
		this.clock.nanos.addAndGet(time.toNanos());
	}

	/**
	 * A class of its own, since what a lambda holds cannot be measured.
	 */
	private static final class Clock implements LongSupplier {

		private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

		@Override
		public long getAsLong() {
			return this.nanos.get();
		}

	}

}
