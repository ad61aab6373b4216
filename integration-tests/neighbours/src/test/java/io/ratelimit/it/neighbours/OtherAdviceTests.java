package io.ratelimit.it.neighbours;

import java.util.concurrent.TimeUnit;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Limits and the advice of Spring on the same methods, as the reference has them in a
 * table.
 */
class OtherAdviceTests {

	private static Application application;

	private static Notebook.Notes notes;

	@BeforeAll
	static void start() {
		application = Application.start(Notebook.class, "ratelimit.policies.mails=2/1h",
				"ratelimit.policies.retried=1/1h", "ratelimit.policies.cached=2/1h", "ratelimit.policies.saved=1/1h",
				"ratelimit.policies.heard=1/1h", "ratelimit.policies.ticked=1/1h", "ratelimit.policies.clocked=1/1h");
		notes = application.bean(Notebook.Notes.class);
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@Test
	void asynchronousMethodRefusesTheRequestThatCallsIt() {
		assertThat(application.get("/mail").header("RateLimit")).isEqualTo("\"mails\";r=1;t=3600");
		assertThat(application.get("/mailed").body()).isEqualTo("mailed");
		Answer refused = application.get("/mail");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("3600");
		assertThat(application.get("/mailed").status()).isEqualTo(429);
	}

	@Test
	void retriedMethodIsCountedOnceAndARefusalIsNotRetried() {
		assertThatIllegalStateException().isThrownBy(notes::retried).withMessage("try 3");
		assertRefused(notes::retried);
		assertThat(notes.tries()).isEqualTo(3);
	}

	@Test
	void cachedMethodIsCountedWhetherOrNotItRuns() {
		assertThat(notes.cached()).isEqualTo(1);
		assertThat(notes.cached()).isEqualTo(1);
		assertRefused(notes::cached);
	}

	@Test
	void refusalBeginsNoTransactionAndARollbackGivesNothingBack() {
		assertThatIllegalStateException().isThrownBy(notes::save);
		assertRefused(notes::save);
		assertThat(application.bean(Notebook.Transactions.class).begun).hasValue(1);
	}

	@Test
	void refusedListenerRefusesThePublisher() {
		assertThat(application.statuses(2, "/event")).containsExactly(200, 429);
	}

	@Test
	void refusedTickIsAnExceptionOfTheTask() throws Exception {
		assertThat(application.bean(Notebook.Errors.class).first().get(1, TimeUnit.MINUTES))
			.isInstanceOf(RateLimitExceededException.class);
	}

	@Test
	void scheduledMethodMayCatchTheRefusalOfWhatItCalls() throws Exception {
		assertThat(application.bean(Notebook.Ticks.class).refused.await(1, TimeUnit.MINUTES)).isTrue();
	}

	private static void assertRefused(Runnable call) {
		assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(call::run);
	}

}
