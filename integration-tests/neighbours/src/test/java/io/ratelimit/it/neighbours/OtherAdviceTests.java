package io.ratelimit.it.neighbours;

import java.util.concurrent.TimeUnit;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Limits and the advice of Spring on the same methods, as the reference has them in a
 * table.
 */
class OtherAdviceTests {

	private Application application;

	private Notebook.Notes notes;

	@BeforeEach
	void start() {
		this.application = Application.start(Notebook.class, "ratelimit.policies.mails=2/1h",
				"ratelimit.policies.retried=1/1h", "ratelimit.policies.cached=2/1h", "ratelimit.policies.saved=1/1h",
				"ratelimit.policies.heard=1/1h", "ratelimit.policies.ticked=1/1h");
		this.notes = this.application.bean(Notebook.Notes.class);
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void asynchronousMethodRefusesTheRequestThatCallsIt() {
		assertThat(this.application.get("/mail").header("RateLimit")).isEqualTo("\"mails\";r=1;t=3600");
		assertThat(this.application.get("/mailed").body()).isEqualTo("mailed");
		Answer refused = this.application.get("/mail");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("3600");
		assertThat(this.application.get("/mailed").status()).isEqualTo(429);
	}

	@Test
	void retriedMethodIsCountedOnceAndARefusalIsNotRetried() {
		assertThatIllegalStateException().isThrownBy(this.notes::retried).withMessage("try 3");
		assertRefused(this.notes::retried);
		assertThat(this.notes.calls()).isEqualTo(3);
	}

	@Test
	void cachedMethodIsCountedWhetherOrNotItRuns() {
		assertThat(this.notes.cached()).isEqualTo(1);
		assertThat(this.notes.cached()).isEqualTo(1);
		assertRefused(this.notes::cached);
	}

	@Test
	void refusalBeginsNoTransactionAndARollbackGivesNothingBack() {
		assertThatIllegalStateException().isThrownBy(this.notes::save);
		assertRefused(this.notes::save);
		assertThat(this.application.bean(Notebook.Transactions.class).begun).hasValue(1);
	}

	@Test
	void refusedListenerRefusesThePublisher() {
		assertThat(this.application.statuses(2, "/event")).containsExactly(200, 429);
	}

	@Test
	void scheduledMethodMayCatchTheRefusalOfWhatItCalls() throws Exception {
		assertThat(this.application.bean(Notebook.Ticks.class).refused.await(1, TimeUnit.MINUTES)).isTrue();
	}

	private static void assertRefused(Runnable call) {
		assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(call::run);
	}

}
