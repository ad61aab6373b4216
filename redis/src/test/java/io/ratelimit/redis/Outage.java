package io.ratelimit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.FailureMode;
import io.ratelimit.RateLimitStoreException.Kind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an {@link Application} sees while its server fails and afterwards, where each
 * failure mode has {@value #PERMITS} permits and has used {@value #USED} of them.
 */
final class Outage {

	private static final Duration TIMEOUT = RedisRateLimitStore.DEFAULT_TIMEOUT;

	/** What a thread may wait for its turn on a machine that is busy. */
	private static final Duration SLACK = Duration.ofSeconds(1);

	private static final Duration SOON = Duration.ofSeconds(10);

	/** How long a server that does not answer is not asked, at least. */
	private static final Duration PAUSE = Duration.ofMillis(100);

	static final int PERMITS = 10;

	static final int USED = 2;

	static final List<FailureMode> MODES = List.of(FailureMode.values());

	private Outage() {
	}

	/**
	 * Waits for a failure, and checks every failure mode while it lasts.
	 */
	static void assertFailing(Application application) {
		assertFailing(application, FailureMode.LOCAL);
	}

	/**
	 * Does the same where some modes count in process.
	 */
	static void assertFailing(Application application, FailureMode... counting) {
		application.awaitFailure();
		int heard = application.failures().size();
		List<Duration> times = new ArrayList<>();
		for (int i = 0; i <= PERMITS; i++) {
			for (FailureMode mode : MODES) {
				long begin = System.nanoTime();
				Decision decision = application.limiter(mode).tryAcquire("key");
				times.add(Duration.ofNanos(System.nanoTime() - begin));
				boolean counts = List.of(counting).contains(mode);
				assertThat(decision.counted()).isEqualTo(counts);
				assertThat(decision.allowed()).isEqualTo(counts ? i < PERMITS : mode == FailureMode.ALLOW);
			}
		}
		assertThat(Collections.max(times)).isLessThan(TIMEOUT.plus(SLACK));
		assertThat(application.failures()).hasSize(heard + times.size());
		assertThatAThousandCallsHardlyWait(application);
		assertThat(application.failures()).hasSize(heard + times.size() + 1000);
	}

	/**
	 * One try after each pause waits for the timeout, and no other call.
	 */
	private static void assertThatAThousandCallsHardlyWait(Application application) {
		long before = timeouts(application);
		long begin = System.nanoTime();
		for (int i = 0; i < 1000; i++) {
			application.limiter(MODES.get(i % MODES.size())).tryAcquire("key" + i);
		}
		Duration together = Duration.ofNanos(System.nanoTime() - begin);
		assertThat(timeouts(application) - before).isLessThanOrEqualTo(1 + together.dividedBy(PAUSE));
		assertThat(together).as("a tenth of a thousand timeouts").isLessThan(TIMEOUT.multipliedBy(100));
	}

	private static long timeouts(Application application) {
		return application.kinds().stream().filter((kind) -> kind == Kind.TIMEOUT).count();
	}

	static void assertCountsAgain(Application application) {
		Duration pause = application.awaitCounting();
		assertThat(pause).isLessThan(SOON);
		int heard = application.failures().size();
		for (FailureMode mode : MODES) {
			assertThat(application.limiter(mode).tryAcquire("later").remaining()).isEqualTo(PERMITS - 1);
		}
		assertThat(application.failures()).hasSize(heard);
	}

	/**
	 * The server charges what reached it in time and was answered too late: of every
	 * timeout one permit at most.
	 */
	static void assertLateChargesAreFew(Application application) {
		long late = application.failures().stream().filter((failure) -> failure.contains("did not answer")).count();
		assertThat(late).isLessThan(30);
		long charged = 3 * (PERMITS - USED) - left(application);
		assertThat(charged).isBetween(0L, late);
	}

	static long left(Application application) {
		long left = 0;
		for (FailureMode mode : MODES) {
			left += application.limiter(mode).peek("key").remaining();
		}
		return left;
	}

}
