package io.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is logged of a store that fails.
 */
class StoreFailuresTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger(RateLimiterRegistry.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(90).toNanos());

	private final StoreFailures failures = new StoreFailures(null, new Listeners(List.of()), this.clock::get);

	private final Policy policy = Policy.of("api", Limit.valueOf("5/1m"));

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.log);
	}

	@Test
	void aFailureIsLoggedAtOnceAndThenOnceAMinute() {
		fail(1000);
		assertThat(levels()).containsExactly(Level.WARN);
		pass(Duration.ofMinutes(1).minusNanos(1));
		fail(1000);
		assertThat(levels()).hasSize(1);
		pass(Duration.ofNanos(1));
		fail(1000);
		assertThat(levels()).containsExactly(Level.WARN, Level.WARN);
		assertThat(this.log.list).allSatisfy(
				(event) -> assertThat(event.getFormattedMessage()).contains("on purpose").doesNotContain("somebody"));
	}

	@Test
	void theFirstAnswerAfterAFailureIsLoggedOnce() {
		this.failures.answered();
		assertThat(levels()).isEmpty();
		fail(1);
		this.failures.answered();
		this.failures.answered();
		assertThat(levels()).containsExactly(Level.WARN, Level.INFO);
	}

	@Test
	void aStoreThatComesAndGoesIsLoggedOnceAMinute() {
		for (int second = 0; second < 60; second++) {
			fail(1);
			this.failures.answered();
			pass(Duration.ofSeconds(1));
		}
		assertThat(levels()).containsExactly(Level.WARN, Level.INFO);
		fail(1);
		this.failures.answered();
		assertThat(levels()).containsExactly(Level.WARN, Level.INFO, Level.WARN, Level.INFO);
	}

	@Test
	void anAnswerThatNobodyWaitsForIsLoggedAsAnyOther() {
		BrokenStore store = new BrokenStore();
		RateLimiter limiter = RateLimiterRegistry.builder(store).build().register(this.policy);
		limiter.tryAcquireAsync("somebody", 1).toCompletableFuture().join();
		assertThat(levels()).containsExactly(Level.WARN);
		store.mend();
		limiter.tryAcquireAsync("somebody", 1).toCompletableFuture().join();
		assertThat(levels()).containsExactly(Level.WARN, Level.INFO);
	}

	private void fail(int times) {
		for (int i = 0; i < times; i++) {
			this.failures.decide(this.policy, "somebody", 1, new RateLimitStoreException("on purpose", null));
		}
	}

	private void pass(Duration time) {
		this.clock.addAndGet(time.toNanos());
	}

	private List<Level> levels() {
		return this.log.list.stream().map(ILoggingEvent::getLevel).toList();
	}

}
