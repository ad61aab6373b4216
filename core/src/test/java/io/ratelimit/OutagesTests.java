package io.ratelimit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ratelimit.RateLimitStoreException.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is known and logged of a store that fails.
 */
class OutagesTests {

	private static final Instant BEGIN = Instant.parse("2026-11-27T10:00:00Z");

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final Logger logger = (Logger) LoggerFactory.getLogger(RateLimits.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(90).toNanos());

	private final Outages outages = new Outages(this.clock::get, () -> BEGIN);

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
	void beginCauseLengthAndDecisionsOfAnOutageAreKnown() {
		assertThat(this.outages.latest()).isNull();
		fail(Kind.TIMEOUT, "late", 2);
		pass(Duration.ofMillis(400));
		fail(Kind.NOT_ASKED, "paused", 3);
		assertThat(this.outages.latest()).usingRecursiveComparison()
			.isEqualTo(new Outage(BEGIN, Duration.ofMillis(400), "late", new StandIn(5, 0, 0), false));
		pass(SECOND);
		this.outages.answered();
		assertThat(this.outages.latest()).usingRecursiveComparison()
			.isEqualTo(new Outage(BEGIN, Duration.ofMillis(400), "late", new StandIn(5, 0, 0), true));
		assertThat(this.outages.total()).isOne();
	}

	@Test
	void theLogSaysHowManyDecisionsWereCountedInProcess() {
		this.outages.failed(new RateLimitStoreException(Kind.TIMEOUT, "late", null), new StandIn(1, 2, 4));
		pass(SECOND);
		this.outages.answered();
		assertThat(lines()).last().asString().endsWith("7 decisions were not counted by it (4 of them in process)");
	}

	@Test
	void beginAndEndAreLoggedOnce() {
		this.outages.answered();
		assertThat(lines()).isEmpty();
		for (int i = 0; i < 1000; i++) {
			fail(Kind.TIMEOUT, "late", 1);
		}
		pass(SECOND);
		this.outages.answered();
		this.outages.answered();
		assertThat(lines()).containsExactly(
				"The rate limit store does not answer (late): policies act by their failure mode",
				"The rate limit store answers again after 0.0 s (late): 1000 decisions were not counted by it");
	}

	@Test
	void aStoreThatAnswersSomeCallsIsStillOut() {
		for (int i = 0; i < 100; i++) {
			fail(Kind.TIMEOUT, "late", 1);
			this.outages.answered();
			pass(SECOND.minusNanos(1));
			this.outages.answered();
		}
		assertThat(this.outages.total()).isOne();
		assertThat(this.outages.latest()).extracting(Outage::over).isEqualTo(false);
	}

	@Test
	void aLongOutageIsLoggedOnceAMinuteWithItsCause() {
		for (int second = 0; second < 181; second++) {
			fail((second == 0) ? Kind.CONNECTION : Kind.NOT_ASKED, (second == 0) ? "refused" : "paused", 1);
			pass(SECOND);
		}
		assertThat(lines()).hasSize(4).allMatch((line) -> line.contains("refused"));
		assertThat(lines().get(3)).contains("for 180.0 s", "181 decisions");
	}

	@Test
	void tenOutagesOfAMinuteAreAllLogged() {
		for (int i = 0; i < 10; i++) {
			fail(Kind.TIMEOUT, "late " + i, 1);
			pass(Duration.ofSeconds(6));
			this.outages.answered();
		}
		assertThat(lines()).hasSize(20).last().asString().contains("answers again", "late 9");
	}

	@Test
	void ofManyOutagesTheNumberIsLogged() {
		for (int i = 0; i < 59; i++) {
			outOnce();
		}
		assertThat(lines()).hasSize(24)
			.element(22)
			.asString()
			.endsWith("; further ones of this minute are only logged if they last for 5 s");
		pass(SECOND);
		outOnce();
		assertThat(lines()).hasSize(26).element(24).asString().endsWith("; 47 outages before were not logged");
		assertThat(this.outages.total()).isEqualTo(60);
	}

	@Test
	void aLongOutageAfterManyShortOnesIsLogged() {
		for (int i = 0; i < 13; i++) {
			outOnce();
		}
		for (int tenth = 0; tenth <= 740; tenth++) {
			fail(Kind.CONNECTION, "refused", 1);
			pass(Duration.ofMillis(100));
		}
		pass(SECOND);
		this.outages.answered();
		assertThat(lines()).hasSize(27);
		assertThat(lines().get(24)).contains("has not answered all calls for 5.0 s (refused)");
		assertThat(lines().get(25)).contains("for 65.0 s");
		assertThat(lines().get(26)).contains("answers again after 74.0 s (refused)");
		pass(Duration.ofMinutes(1));
		outOnce();
		assertThat(lines().get(27)).endsWith("; 1 outages before were not logged");
	}

	@Test
	void aKeyThatCannotBeCountedIsNoOutage() {
		fail(Kind.KEY, "foreign", 1);
		fail(Kind.KEY, "foreign", 1);
		assertThat(this.outages.latest()).isNull();
		assertThat(lines()).singleElement().asString().contains("cannot count a key (foreign)");
		pass(Duration.ofMinutes(1));
		fail(Kind.KEY, "foreign", 1);
		assertThat(lines()).hasSize(2);
	}

	private void outOnce() {
		fail(Kind.TIMEOUT, "late", 1);
		pass(SECOND);
		this.outages.answered();
	}

	private void fail(Kind kind, String message, int decisions) {
		this.outages.failed(new RateLimitStoreException(kind, message, null), new StandIn(decisions, 0, 0));
	}

	private void pass(Duration time) {
		this.clock.addAndGet(time.toNanos());
	}

	private List<String> lines() {
		return this.log.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.toList());
	}

}
