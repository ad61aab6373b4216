package io.ratelimit.it.web;

import java.io.IOException;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.it.web.LimitedBean.Limited;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is refused outside of Spring MVC is answered as a refusal.
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

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(LimitedBean.class)
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

}
