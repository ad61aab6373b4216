package io.ratelimit.caffeine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ratelimit.Limit;
import io.ratelimit.Plan;
import io.ratelimit.caffeine.CachedLimitResolver.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of requests while plans are looked up. No test depends on how fast that
 * is.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CachedLimitResolverTests {

	private static final Duration LONG = Duration.ofSeconds(100);

	private static final Duration SHORT = Duration.ofMillis(20);

	private static final Plan PRO = Plan.of("pro", Limit.valueOf("10/1h"));

	private final GivenPlans given = new GivenPlans();

	private final ExecutorService customers = Executors.newCachedThreadPool();

	private final Logger logger = (Logger) LoggerFactory.getLogger(CachedLimitResolver.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stop() {
		this.customers.shutdownNow();
		this.logger.detachAppender(this.log);
	}

	@Test
	void requestsOfOneCustomerWaitForOneFailureTogether() throws Exception {
		CountDownLatch failing = new CountDownLatch(1);
		try (CachedLimitResolver resolver = this.given.resolver((policy, key) -> {
			this.given.asked.add(key);
			failing.await();
			throw new IllegalStateException("on purpose");
		}, LONG, 2)) {
			List<Future<@Nullable Plan>> requests = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				requests.add(this.customers.submit(() -> resolver.plan("api", "acme")));
			}
			failing.countDown();
			for (Future<@Nullable Plan> request : requests) {
				assertThat(request.get()).isNull();
			}
			assertThat(this.given.asked).containsExactly("acme");
			assertThat(resolver.lookUps(Outcome.FAILED)).isEqualTo(1);
		}
	}

	@Test
	void aFailureIsRememberedForAMinute() {
		try (CachedLimitResolver resolver = this.given.resolver(this.given::plan, LONG, 2)) {
			this.given.down = true;
			resolver.plan("api", "acme");
			resolver.plan("api", "acme");
			this.given.pass(Duration.ofMinutes(1).minusNanos(1));
			resolver.plan("api", "acme");
			assertThat(this.given.asked).hasSize(1);
			this.given.pass(Duration.ofNanos(1));
			resolver.plan("api", "acme");
			assertThat(this.given.asked).hasSize(2);
		}
	}

	@Test
	void thePlanThatWasLastKnownOutlivesFailures() {
		try (CachedLimitResolver resolver = this.given.resolver(this.given::plan, LONG, 2)) {
			this.given.plans.put("acme", PRO);
			assertThat(resolver.plan("api", "acme")).isEqualTo(PRO);
			this.given.down = true;
			for (int minutes = 0; minutes < 100; minutes++) {
				this.given.pass(Duration.ofMinutes(1));
				assertThat(resolver.plan("api", "acme")).isEqualTo(PRO);
			}
			assertThat(this.given.asked).hasSize(101);
			this.given.down = false;
			this.given.plans.remove("acme");
			this.given.pass(Duration.ofMinutes(1));
			assertThat(resolver.plan("api", "acme")).isNull();
		}
	}

	@Test
	void whatIsForgottenIsLookedUpAnew() {
		try (CachedLimitResolver resolver = this.given.resolver(this.given::plan, LONG, 2)) {
			assertThat(resolver.plan("api", "acme")).isNull();
			this.given.plans.put("acme", PRO);
			assertThat(resolver.plan("api", "acme")).isNull();
			resolver.forget("other", "acme");
			assertThat(resolver.plan("api", "acme")).isNull();
			resolver.forget("api", "acme");
			assertThat(resolver.plan("api", "acme")).isEqualTo(PRO);
		}
	}

	@Test
	void theAnswerOfALookUpThatWasForgottenIsNotKept() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		try (CachedLimitResolver resolver = this.given.resolver((policy, key) -> {
			this.given.asked.add(key);
			if (this.given.asked.size() == 1) {
				begun.countDown();
				end.await();
				return null;
			}
			return PRO;
		}, SHORT, 2)) {
			assertThat(resolver.plan("api", "acme")).isNull();
			assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
			resolver.forget("api", "acme");
			while (resolver.plan("api", "acme") == null) {
				Thread.onSpinWait();
			}
			end.countDown();
			this.given.pass(Duration.ofSeconds(1));
			assertThat(resolver.plan("api", "acme")).isEqualTo(PRO);
			assertThat(this.given.asked).hasSize(2);
		}
	}

	@Test
	void errorsOfAResolverAreFailures() {
		try (CachedLimitResolver resolver = this.given.resolver((policy, key) -> {
			throw new NoClassDefFoundError("on purpose");
		}, LONG, 1)) {
			assertThat(resolver.plan("api", "acme")).isNull();
			assertThat(resolver.lookUps(Outcome.FAILED)).isEqualTo(1);
		}
	}

	@Test
	@SuppressWarnings("try")
	void aResolverIsAskedOnDaemonThreadsThatEndWithIt() throws Exception {
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		Queue<Thread> threads = new ConcurrentLinkedQueue<>();
		CachedLimitResolver resolver = this.given.resolver((policy, key) -> {
			threads.add(Thread.currentThread());
			assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(classLoader);
			return PRO;
		}, LONG, 2);
		assertThat(resolver.plan("api", "acme")).isEqualTo(PRO);
		assertThat(threads).hasSize(1).allMatch(Thread::isDaemon);
		resolver.close();
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(resolver.plan("api", "acme")).isEqualTo(PRO);
		assertThat(resolver.plan("api", "other")).isNull();
	}

	@Test
	void beginAndEndOfFailingAreLogged() {
		try (CachedLimitResolver resolver = this.given.resolver(this.given::plan, LONG, 2)) {
			resolver.plan("api", "before");
			assertThat(this.log.list).isEmpty();
			this.given.down = true;
			for (int i = 0; i < 100; i++) {
				resolver.plan("api", "somebody" + i);
			}
			assertThat(levels()).containsExactly(Level.WARN);
			assertThat(this.log.list.get(0).getFormattedMessage()).contains("'api'").doesNotContain("somebody");
			this.given.pass(Duration.ofMinutes(1));
			resolver.plan("api", "somebody");
			assertThat(levels()).containsExactly(Level.WARN, Level.WARN);
			this.given.down = false;
			resolver.plan("api", "after");
			resolver.plan("api", "later");
			assertThat(levels()).containsExactly(Level.WARN, Level.WARN, Level.INFO);
		}
	}

	@Test
	void lookUpsAreCountedAndTimed() {
		try (CachedLimitResolver resolver = this.given.resolver(this.given::plan, LONG, 2)) {
			resolver.plan("api", "acme");
			resolver.plan("api", "acme");
			resolver.plan("api", "other");
			assertThat(resolver.lookUps(Outcome.ANSWERED)).isEqualTo(2);
			assertThat(resolver.nanos(Outcome.ANSWERED)).isPositive();
			assertThat(resolver.lookUps(Outcome.FAILED)).isZero();
		}
	}

	private List<Level> levels() {
		return this.log.list.stream().map(ILoggingEvent::getLevel).toList();
	}

}
