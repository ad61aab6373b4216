package io.ratelimit.it.web;

import java.io.IOException;
import java.util.Map;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.harness.Container;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.filter.OncePerRequestFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is refused anywhere within a request is answered as a refusal, and the application
 * is heard if it has an answer of its own for just that.
 */
class RefusedElsewhereTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/filter", "/wrapped", "/servlet", "/early" })
	void aCallOutsideOfSpringMvcIsAnswered(String path) {
		this.application = Application.start(Elsewhere.class);
		assertThat(this.application.get(path).status()).isIn(200, 404);
		Answer refused = this.application.get(path);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("60");
		assertThat(refused.header("RateLimit")).contains("r=0;t=60");
		assertThat(refused.body()).contains("quota-exceeded");
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

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ Limited.class, LimitedController.class })
	static class Base {

	}

	@Component
	static class Limited {

		@RateLimited(limits = "1/1m", key = "#key")
		String call(String key) {
			return key;
		}

	}

	@RestController
	static class LimitedController {

		private final Limited limited;

		LimitedController(Limited limited) {
			this.limited = limited;
		}

		@GetMapping("/limited")
		String limited() {
			return this.limited.call("controller");
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Base.class)
	static class Elsewhere {

		@Bean
		FilterRegistrationBean<OncePerRequestFilter> calling(Limited limited) {
			return new FilterRegistrationBean<>(new Calling(limited, "/filter", false));
		}

		@Bean
		FilterRegistrationBean<OncePerRequestFilter> wrapping(Limited limited) {
			return new FilterRegistrationBean<>(new Calling(limited, "/wrapped", true));
		}

		@Bean
		FilterRegistrationBean<OncePerRequestFilter> early(Limited limited) {
			FilterRegistrationBean<OncePerRequestFilter> registration = new FilterRegistrationBean<>(
					new Calling(limited, "/early", false));
			registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1000);
			return registration;
		}

		@Bean
		ServletRegistrationBean<HttpServlet> servlet(Limited limited) {
			return new ServletRegistrationBean<>(new HttpServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
					response.getWriter().print(limited.call("servlet"));
				}

			}, "/servlet");
		}

	}

	static final class Calling extends OncePerRequestFilter {

		private final Limited limited;

		private final String path;

		private final boolean wraps;

		Calling(Limited limited, String path, boolean wraps) {
			this.limited = limited;
			this.path = path;
			this.wraps = wraps;
		}

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			if (request.getRequestURI().equals(this.path)) {
				try {
					this.limited.call(this.path);
				}
				catch (RateLimitExceededException ex) {
					if (this.wraps) {
						throw new ServletException(ex);
					}
					throw ex;
				}
			}
			chain.doFilter(request, response);
		}

	}

	private static ResponseEntity<Map<String, Object>> calm(RateLimitExceededException ex) {
		return ResponseEntity.status(420)
			.body(Map.of("error", "enhance your calm", "seconds",
					ex.decisions().get(0).retryAfterNanos() / 1_000_000_000L));
	}

	@Import({ Base.class, AdviceForJustThis.Advice.class })
	static class AdviceForJustThis {

		@RestControllerAdvice
		static class Advice {

			@ExceptionHandler
			ResponseEntity<Map<String, Object>> limit(RateLimitExceededException ex) {
				return calm(ex);
			}

		}

	}

	@Import({ Base.class, AdviceForThisAmongOthers.Advice.class })
	static class AdviceForThisAmongOthers {

		@RestControllerAdvice
		static class Advice {

			@ExceptionHandler({ IllegalStateException.class, RateLimitExceededException.class })
			ResponseEntity<Map<String, Object>> limit(RuntimeException ex) {
				return calm((RateLimitExceededException) ex);
			}

		}

	}

	@Import({ Base.class, AdviceForJustThis.Advice.class, AdviceBehindACatchAll.First.class })
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

	@Import({ Base.class, AdviceBehindACatchAll.First.class })
	static class CatchAll {

	}

	@Import({ Base.class, RuntimeCatchAll.Advice.class })
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

	@Import({ Base.class, AdviceForJustThis.Advice.class, LocalHandler.Local.class })
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
