package io.ratelimit.it.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Application;
import io.ratelimit.spring.request.KeyResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Calls of limited methods within requests, outside of any, and after the end of one.
 */
@ExtendWith(OutputCaptureExtension.class)
class WithoutRequestTests {

	private static final String LOGGED = "Policy 'work' takes its key from the request";

	@ParameterizedTest
	@ValueSource(strings = { "global", "@constant", "header:X-None | global" })
	void keyThatNeedsNoRequestIsCountedTheSameEverywhere(String key, CapturedOutput output) {
		try (Application application = start(key)) {
			Works works = application.bean(Works.class);
			works.work();
			assertThat(application.statuses(2, "/work")).containsOnly(200);
			works.work();
			assertThat(application.get("/work").status()).isEqualTo(200);
			assertRefused(works::work);
			assertThat(application.get("/work").status()).isEqualTo(429);
		}
		assertThat(output).doesNotContain(LOGGED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ip", "header:X-User", "@asking", "#request.remoteAddr", "#ip", "@constant + ip" })
	void keyThatNeedsARequestIsMissingOutsideOfOne(String key, CapturedOutput output) {
		try (Application application = start(key)) {
			Works works = application.bean(Works.class);
			for (int i = 0; i < 5; i++) {
				works.work();
			}
			assertRefused(works::work);
			assertThat(application.get("/work").status()).isEqualTo(200);
		}
		assertThat(output).containsOnlyOnce(LOGGED).doesNotContain("fails");
	}

	@Test
	void keyThatNeedsNoRequestIsCountedAfterTheEndOfOne(CapturedOutput output) throws Exception {
		try (Application application = start("global")) {
			Works works = application.bean(Works.class);
			assertThat(workAfterTheEnd(application, works)).isEqualTo("worked");
			for (int i = 0; i < 4; i++) {
				works.work();
			}
			assertRefused(works::work);
		}
		assertThat(output).doesNotContain(LOGGED);
	}

	@Test
	void keyThatNeedsARequestIsMissingAfterTheEndOfOne(CapturedOutput output) throws Exception {
		try (Application application = start("ip")) {
			Works works = application.bean(Works.class);
			for (int i = 0; i < 4; i++) {
				works.work();
			}
			assertThat(workAfterTheEnd(application, works)).isEqualTo("worked");
			assertRefused(works::work);
			assertThat(application.get("/work").status()).isEqualTo(200);
		}
		assertThat(output).containsOnlyOnce(LOGGED);
	}

	private static String workAfterTheEnd(Application application, Works works) throws Exception {
		assertThat(application.get("/later").status()).isEqualTo(200);
		return works.outcome().get(1, TimeUnit.MINUTES);
	}

	private static Application start(String key) {
		return Application.start(Factory.class, "ratelimit.policies.work.limits=5/1h",
				"ratelimit.policies.work.key=" + key, "ratelimit.policies.work.missing-key=ip");
	}

	private static void assertRefused(Runnable call) {
		assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(call::run);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableAsync
	static class Factory {

		@Bean
		TaskDecorator carriesTheRequest() {
			return (task) -> {
				RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
				return () -> {
					RequestContextHolder.setRequestAttributes(attributes);
					try {
						task.run();
					}
					finally {
						RequestContextHolder.resetRequestAttributes();
					}
				};
			};
		}

		@Bean
		KeyResolver constant() {
			return (request) -> "constant";
		}

		@Bean
		KeyResolver asking() {
			return (request) -> request.remoteAddress();
		}

		@Bean
		Works works() {
			return new Works();
		}

		@Bean
		Later later(Works works) {
			return new Later(works);
		}

		@RestController
		static class WorkController {

			private final Works works;

			private final Later later;

			WorkController(Works works, Later later) {
				this.works = works;
				this.later = later;
			}

			@GetMapping("/work")
			String work() {
				this.works.work();
				return "worked";
			}

			@GetMapping("/later")
			String later() {
				this.later.work();
				return "later";
			}

		}

	}

	static class Works {

		private final CompletableFuture<String> outcome = new CompletableFuture<>();

		@RateLimited("work")
		void work() {
		}

		CompletableFuture<String> outcome() {
			return this.outcome;
		}

	}

	static class Later {

		private final Works works;

		Later(Works works) {
			this.works = works;
		}

		@Async
		void work() {
			try {
				while (isAlive((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes())) {
					Thread.sleep(1);
				}
				this.works.work();
				this.works.outcome().complete("worked");
			}
			catch (Throwable ex) {
				this.works.outcome().completeExceptionally(ex);
			}
		}

		private static boolean isAlive(ServletRequestAttributes attributes) {
			try {
				return attributes.getRequest().getMethod() != null;
			}
			catch (IllegalStateException ex) {
				return false;
			}
		}

	}

}
