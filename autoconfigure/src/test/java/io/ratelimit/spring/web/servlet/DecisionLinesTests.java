package io.ratelimit.spring.web.servlet;

import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lines of the log on decisions, whatever a client sends.
 */
class DecisionLinesTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger("ratelimit.decisions");

	private final Level level = this.logger.getLevel();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final List<Decision> asked = new ArrayList<>();

	private final Decision decision = Decision.withoutKey(Policy.of("api", Limit.valueOf("1/1m")));

	private final DecisionLines lines = new DecisionLines((claims, decisions) -> {
		this.asked.addAll(decisions);
		return List.of("the text");
	});

	@BeforeEach
	void listen() {
		this.logger.setLevel(Level.DEBUG);
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(this.level);
	}

	@Test
	void noMethodAndNoPathForgesALineOrAField() {
		write("G\nT", "/a\r\nrequest=\"GET /b\" \\ \u2028\u001b[2J\u00fc%0d");
		assertThat(lines()).containsExactly("request=\"G\\u000aT "
				+ "/a\\u000d\\u000arequest=\\u0022GET\\u0020/b\\u0022\\u0020\\u005c\\u0020\\u2028\\u001b[2J\\u00fc%0d\" the text");
	}

	@Test
	void aLongPathIsCut() {
		write("GET", "/" + "a".repeat(5000));
		assertThat(lines()).containsExactly("request=\"GET /" + "a".repeat(999) + "...\" the text");
	}

	@Test
	void linesAreWrittenAtLevelDebugOnly() {
		this.logger.setLevel(Level.INFO);
		assertThat(DecisionLines.areWritten()).isFalse();
		this.logger.setLevel(Level.DEBUG);
		assertThat(DecisionLines.areWritten()).isTrue();
		write("GET", "/");
		assertThat(this.log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.DEBUG);
		assertThat(this.asked).containsExactly(this.decision);
	}

	private void write(String method, String path) {
		MockHttpServletRequest request = new MockHttpServletRequest(method, "/");
		request.setRequestURI(path);
		this.lines.decided(List.of(), List.of(this.decision), request);
	}

	private List<String> lines() {
		return this.log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

}
