package io.ratelimit.it.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.stream.Stream;

import io.ratelimit.RateLimits;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Application;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How many permits requests and the calls within them take.
 */
class CostTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@CsvSource({ "T(Double).parseDouble(#request.getParameter('n')), 0.86, 1",
			"T(Double).parseDouble(#request.getParameter('n')), 2.1, 3",
			"T(Double).parseDouble(#request.getParameter('n')), -1, 1", "#request.getParameter('n'), nonsense, 1",
			"T(Double).parseDouble(#request.getParameter('n')), 0, 0", "T(Double).NaN, x, 1" })
	void aCostIsRoundedUpAndNeverBelowZero(String cost, String value, long taken) {
		start("exports.paths=/plain", "exports.cost=" + cost);
		assertThat(this.application.get("/plain?n=" + value).status()).isEqualTo(200);
		assertThat(left()).isEqualTo(10 - taken);
	}

	@Test
	void aBodyOfUnknownLengthIsNotFree() throws Exception {
		start("exports.paths=/upload", "exports.cost=#request.contentLengthLong");
		HttpRequest chunked = HttpRequest.newBuilder(URI.create(this.application.uri("/upload").toString()))
			.POST(HttpRequest.BodyPublishers
				.ofInputStream(() -> new ByteArrayInputStream("body".getBytes(StandardCharsets.UTF_8))))
			.build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(chunked, HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(left()).isEqualTo(9);
		assertThat(this.application.post("/upload", "four").status()).isEqualTo(200);
		assertThat(left()).isEqualTo(5);
	}

	@Test
	void aCallTakesWhatTheRequestHasNotTaken() {
		start("exports.paths=/exports/**");
		assertThat(this.application.get("/exports?n=8").status()).isEqualTo(200);
		assertThat(left()).isEqualTo(2);
		assertThat(this.application.get("/exports?n=3").status()).isEqualTo(429);
		assertThat(left()).as("the request stays charged").isEqualTo(1);
	}

	@Test
	void aCallTakesAllWhereTheRequestHasTakenNothing() {
		start();
		assertThat(this.application.get("/exports?n=8").status()).isEqualTo(200);
		assertThat(left()).isEqualTo(2);
	}

	@Test
	void oneOfSeveralCallsIsPaidByTheRequest() {
		start("exports.paths=/exports/**");
		assertThat(this.application.get("/exports/loop?n=5").status()).isEqualTo(200);
		assertThat(left()).isEqualTo(5);
		assertThat(this.application.get("/exports/loop?n=6").status()).isEqualTo(429);
	}

	@Test
	void aRequestThatHasTakenMoreThanItsCallPaysForSeveral() {
		start("exports.paths=/exports/**", "exports.cost=4");
		assertThat(this.application.get("/exports/loop?n=3").status()).isEqualTo(200);
		assertThat(left()).isEqualTo(6);
		assertThat(this.application.get("/exports/loop?n=5").status()).isEqualTo(200);
		assertThat(left()).isEqualTo(1);
	}

	@Test
	void aPrincipalOfAnotherFilterIsAKeyBehindThatFilter() {
		start("exports.paths=/plain", "exports.key=principal", "ratelimit.http.principal-filter-order=100");
		assertThat(this.application.statuses(11, "/plain", "X-User", "a")).endsWith(429);
		assertThat(this.application.get("/plain", "X-User", "b").status()).isEqualTo(200);
	}

	private long left() {
		return this.application.bean(RateLimits.class).limiter("exports").peek("127.0.0.1").remaining();
	}

	private void start(String... properties) {
		this.application = Application.start(Exports.class,
				Stream
					.concat(Stream.of("ratelimit.policies.exports.limits=10/1m"), Stream.of(properties)
						.map((property) -> property.startsWith("ratelimit.") ? property
								: "ratelimit.policies." + property))
					.toArray(String[]::new));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ ExportService.class, ExportController.class })
	static class Exports {

		@Bean
		FilterRegistrationBean<OncePerRequestFilter> authenticating() {
			FilterRegistrationBean<OncePerRequestFilter> registration = new FilterRegistrationBean<>(
					new OncePerRequestFilter() {

						@Override
						protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
								FilterChain chain) throws ServletException, IOException {
							String user = request.getHeader("X-User");
							chain.doFilter((user == null) ? request : new HttpServletRequestWrapper(request) {

								@Override
								public Principal getUserPrincipal() {
									return () -> user;
								}

							}, response);
						}

					});
			registration.setOrder(50);
			return registration;
		}

	}

	@Component
	static class ExportService {

		@RateLimited(policy = "exports", cost = "#n")
		void export(int n) {
		}

	}

	@RestController
	static class ExportController {

		private final ExportService exports;

		ExportController(ExportService exports) {
			this.exports = exports;
		}

		@GetMapping("/plain")
		String plain() {
			return "plain";
		}

		@PostMapping("/upload")
		String upload() {
			return "uploaded";
		}

		@GetMapping("/exports")
		String export(@RequestParam int n) {
			this.exports.export(n);
			return "exported";
		}

		@GetMapping("/exports/loop")
		String loop(@RequestParam int n) {
			for (int i = 0; i < n; i++) {
				this.exports.export(1);
			}
			return List.of(n).toString();
		}

	}

}
