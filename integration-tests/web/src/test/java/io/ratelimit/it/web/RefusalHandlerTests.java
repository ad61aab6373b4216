package io.ratelimit.it.web;

import java.util.Map;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.harness.Container;
import io.ratelimit.it.web.LimitedBean.Limited;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application is heard if it has an answer of its own for just a refusal.
 */
class RefusalHandlerTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(classes = { AdviceForJustThis.class, AdviceForThisAmongOthers.class, AdviceBehindACatchAll.class })
	void anExceptionHandlerForJustThisIsHeard(Class<?> configuration) {
		this.application = Application.start(configuration);
		assertThat(this.application.get("/limited").status()).isEqualTo(200);
		Answer refused = this.application.get("/limited");
		assertThat(refused.status()).isEqualTo(420);
		assertThat(refused.body()).contains("enhance your calm").contains("60");
	}

	@Test
	void anExceptionHandlerOfTheControllerIsHeard() {
		this.application = Application.start(LocalHandler.class);
		assertThat(this.application.get("/local").status()).isEqualTo(200);
		assertThat(this.application.get("/local").status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE.value());
	}

	@ParameterizedTest
	@ValueSource(classes = { CatchAll.class, RuntimeCatchAll.class })
	void aCatchAllIsNotHeard(Class<?> configuration) {
		this.application = Application.start(configuration);
		assertThat(this.application.get("/limited").status()).isEqualTo(200);
		Answer refused = this.application.get("/limited");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.body()).contains("quota-exceeded");
	}

	@Test
	void anInstanceNamesNoOtherHost() {
		this.application = Application.start(CatchAll.class, "ratelimit.policies.all.limits=1/1m",
				"ratelimit.policies.all.paths=/**");
		this.application.get("/limited");
		Answer answer = this.application.get("//inst/x");
		assertThat(answer.status()).isEqualTo(Container.expect(429, 400, 429));
		if (answer.status() == 429) {
			assertThat(answer.body().replace("\\/", "/")).contains("\"instance\":\"/inst/x\"");
		}
	}

	private static ResponseEntity<Map<String, Object>> calm(RateLimitExceededException ex) {
		return ResponseEntity.status(420)
			.body(Map.of("error", "enhance your calm", "seconds",
					ex.decisions().get(0).retryAfterNanos() / 1_000_000_000L));
	}

	@Import({ LimitedBean.class, AdviceForJustThis.Advice.class })
	static class AdviceForJustThis {

		@RestControllerAdvice
		static class Advice {

			@ExceptionHandler
			ResponseEntity<Map<String, Object>> limit(RateLimitExceededException ex) {
				return calm(ex);
			}

		}

	}

	@Import({ LimitedBean.class, AdviceForThisAmongOthers.Advice.class })
	static class AdviceForThisAmongOthers {

		@RestControllerAdvice
		static class Advice {

			@ExceptionHandler({ IllegalStateException.class, RateLimitExceededException.class })
			ResponseEntity<Map<String, Object>> limit(RuntimeException ex) {
				return calm((RateLimitExceededException) ex);
			}

		}

	}

	@Import({ LimitedBean.class, AdviceForJustThis.Advice.class, AdviceBehindACatchAll.First.class })
	static class AdviceBehindACatchAll {

		@RestControllerAdvice
		@Order(Ordered.HIGHEST_PRECEDENCE)
		static class First {

			@ExceptionHandler(Exception.class)
			@ResponseStatus(HttpStatus.INTERNAL_SERVER_ERROR)
			String anything() {
				return "anything";
			}

		}

	}

	@Import({ LimitedBean.class, AdviceBehindACatchAll.First.class })
	static class CatchAll {

	}

	@Import({ LimitedBean.class, RuntimeCatchAll.Advice.class })
	static class RuntimeCatchAll {

		@RestControllerAdvice
		static class Advice {

			@ExceptionHandler
			@ResponseStatus(HttpStatus.INTERNAL_SERVER_ERROR)
			String anything(RuntimeException ex) {
				return "anything";
			}

		}

	}

	@Import({ LimitedBean.class, AdviceForJustThis.Advice.class, LocalHandler.Local.class })
	static class LocalHandler {

		@RestController
		static class Local {

			private final Limited limited;

			Local(Limited limited) {
				this.limited = limited;
			}

			@GetMapping("/local")
			String limited() {
				return this.limited.call("local");
			}

			@ExceptionHandler(RateLimitExceededException.class)
			@ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
			String limit() {
				return "later";
			}

		}

	}

}
