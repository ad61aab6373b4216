package io.ratelimit.spring.method;

import java.lang.reflect.Method;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.spring.expression.Expressions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KeyTests {

	private final LimitedApplication application = new LimitedApplication(Service.class);

	private final Service service = this.application.bean(Service.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@AfterEach
	void close() {
		((Logger) LoggerFactory.getLogger(RateLimitedAdvisor.class)).detachAppender(this.log);
		this.application.close();
	}

	@Test
	void expressionOverParametersIsTheKey() {
		this.service.byUser(new User("ann"));
		this.service.byUser(new User("bob"));
		assertRefused(() -> this.service.byUser(new User("ann")));
	}

	@Test
	void parametersHaveTheirNamesAndNumbers() {
		for (int i = 0; i < 2; i++) {
			this.service.named("x" + i, "y");
			this.service.numbered("x" + i, "y");
			this.service.numberedWithP("x" + i, "y");
			this.service.mixed("x" + i, "y");
		}
		assertRefused(() -> this.service.named("x0", "z"));
		assertRefused(() -> this.service.numbered("x0", "z"));
		assertRefused(() -> this.service.numberedWithP("x0", "z"));
		assertRefused(() -> this.service.mixed("x0", "y"));
		this.service.mixed("x0", "z");
	}

	@Test
	void nullCountsForTheCallerAndNotForEverybody() {
		this.service.byAnything(null);
		assertRefused(() -> this.service.byAnything(null));
		assertRefused(() -> this.service.byAnything(""));
		assertRefused(() -> this.service.byAnything(Optional.empty()));
		this.application.calls().caller = "another";
		this.service.byAnything(null);
	}

	@Test
	void fallbackDoesNotMeetAValue() {
		this.service.byAnything(null);
		this.service.byAnything("caller");
		this.service.byAnything("~fallback~caller");
		this.service.byAnything("~~fallback~caller");
		assertRefused(() -> this.service.byAnything(null));
	}

	@Test
	void valuesThatAreWrittenAlikeAreOneKey() {
		UUID id = UUID.randomUUID();
		this.service.byAnything(id);
		assertRefused(() -> this.service.byAnything(id.toString()));
		this.service.byAnything(7);
		assertRefused(() -> this.service.byAnything(7L));
		assertRefused(() -> this.service.byAnything(CharBuffer.wrap("7")));
		assertRefused(() -> this.service.byAnything(Optional.of(7)));
		this.service.byAnything(Thread.State.NEW);
		assertRefused(() -> this.service.byAnything("NEW"));
	}

	@Test
	void arraysAndCollectionsAreWrittenOut() {
		this.service.byAnything(new int[] { 1, 2 });
		assertRefused(() -> this.service.byAnything(new int[] { 1, 2 }));
		this.service.byAnything(new int[] { 1, 3 });
		this.service.byAnything(List.of("a", "b"));
		assertRefused(() -> this.service.byAnything(Arrays.asList("a", "b")));
	}

	@Test
	void longKeysAreHashed() {
		String key = "k".repeat(1000);
		assertThat(Expressions.boundedKey(key)).startsWith("~sha256~")
			.hasSizeLessThan(60)
			.isNotEqualTo(Expressions.boundedKey(key + "k"));
		this.service.byAnything(key);
		assertRefused(() -> this.service.byAnything(key));
	}

	@Test
	void failingExpressionCountsForTheCallerAndIsLoggedOnceWithoutTheKey() {
		((Logger) LoggerFactory.getLogger(RateLimitedAdvisor.class)).addAppender(this.log);
		this.log.start();
		this.service.byUser(null);
		assertRefused(() -> this.service.byUser(null));
		assertThat(this.log.list).singleElement()
			.extracting(ILoggingEvent::getFormattedMessage)
			.asString()
			.contains(Service.class.getName() + ".byUser(User)", "\"#user.name\"",
					"PROPERTY_OR_FIELD_NOT_READABLE_ON_NULL")
			.doesNotContain("caller");
	}

	@Test
	void objectWithoutTextOfItsOwnIsNoKey() {
		((Logger) LoggerFactory.getLogger(RateLimitedAdvisor.class)).addAppender(this.log);
		this.log.start();
		this.service.byAnything(new Object());
		assertRefused(() -> this.service.byAnything(new Object()));
		assertThat(this.log.list).singleElement()
			.extracting(ILoggingEvent::getFormattedMessage)
			.asString()
			.contains("a java.lang.Object has no toString() of its own");
	}

	@Test
	void expressionThatYieldsNothingIsNotLimitedWhereThePolicySkips() {
		this.application.calls().caller = null;
		this.service.byAnything(null);
		this.service.byAnything(null);
	}

	@Test
	void otherKeysAreTheContexts() {
		assertThat(this.application.calls().keys).contains("one:principal | ip", "two:null");
		this.service.byPrincipal();
		assertRefused(this.service::byPrincipal);
	}

	@Test
	void parametersWithoutNamesHaveNumbersAndTheMistakeSaysWhy() throws NoSuchMethodException {
		Method nameless = Comparable.class.getMethod("compareTo", Object.class);
		Expressions expressions = new Expressions(null);
		assertThat(ArgumentExpression.compile("#a0", nameless, nameless, expressions).key(new Object[] { 7 }))
			.isEqualTo("7");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ArgumentExpression.compile("#other", nameless, nameless, expressions))
			.withMessageContaining("there is no #other: known are [#a0, #p0]")
			.withMessageContaining("compiled without -parameters");
	}

	record User(String name) {
	}

	static class Service {

		@RateLimited(limits = "1/1m", key = "#user.name")
		void byUser(User user) {
		}

		@RateLimited(limits = "1/1m", key = "#first")
		void named(String first, String second) {
		}

		@RateLimited(limits = "1/1m", key = "#a0")
		void numbered(String first, String second) {
		}

		@RateLimited(limits = "1/1m", key = "#p0.toString()")
		void numberedWithP(String first, String second) {
		}

		@RateLimited(limits = "1/1m", key = "#first + #a1")
		void mixed(String first, String second) {
		}

		@RateLimited(limits = "1/1m", key = "#value")
		void byAnything(Object value) {
		}

		@RateLimited(policy = "one", key = "principal | ip")
		void byPrincipal() {
		}

		@RateLimited(policy = "two", key = "#id")
		void withFallback(String id) {
		}

	}

}
