package io.ratelimit.it.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.ratelimit.RateLimits;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Annotated methods behind Spring MVC.
 */
class AnnotationTests {

	private Application application;

	@BeforeEach
	void start() {
		this.application = Application.start(Exports.class, "ratelimit.policies.exports.limits=2/1h",
				"ratelimit.policies.exports.key=header:X-User", "ratelimit.policies.both.limits=5/1m",
				"ratelimit.policies.both.paths=/both/**", "ratelimit.policies.address.limits=10/1m",
				"ratelimit.policies.address.paths=/exports");
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void aRefusedCallIsAnsweredAsTheFilterAnswersARequest() {
		String[] user = { "X-User", "u" };
		assertThat(this.application.get("/exports", user).header("RateLimit")).isEqualTo("\"exports\";r=1;t=3600");
		assertThat(this.application.get("/exports", user).status()).isEqualTo(200);
		Answer refused = this.application.get("/exports", user);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("3600");
		assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"address\";q=10;w=60, \"exports\";q=2;w=3600");
		assertThat(refused.header("RateLimit")).isEqualTo("\"exports\";r=0;t=3600");
		assertThat(refused.header("Cache-Control")).isEqualTo("no-store");
		assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(refused.body()).contains("quota-exceeded", "\"violated-policies\":[\"exports\"]");
		assertThat(this.application.get("/exports", "X-User", "other").status()).isEqualTo(200);
	}

	@Test
	void policiesOfMethodsAreListedWhereTheMethodWasReached() {
		for (int i = 0; i < 10; i++) {
			assertThat(this.application.get("/exports", "X-User", "user" + i).header("RateLimit-Policy"))
				.isEqualTo("\"address\";q=10;w=60, \"exports\";q=2;w=3600");
		}
		Answer refused = this.application.get("/exports", "X-User", "other");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"address\";q=10;w=60");
	}

	@Test
	void whatARequestHasTakenStaysTakenWhenACallIsRefused() {
		for (int i = 0; i < 6; i++) {
			this.application.get("/exports", "X-User", "u");
		}
		assertThat(left("address", "127.0.0.1")).isEqualTo(4);
	}

	@Test
	void aFilterAndAnAnnotationThatNameOnePolicyChargeOnce() {
		assertThat(this.application.statuses(6, "/both/1")).containsExactly(200, 200, 200, 200, 200, 429);
		assertThat(left("both", "127.0.0.1")).isZero();
	}

	@Test
	void limitsInPlaceCountByTheirKey() {
		assertThat(this.application.statuses(2, "/reports/a")).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/reports/b")).containsExactly(200, 429);
	}

	@Test
	void limitsInPlaceWithoutAKeyCountByAddress() {
		assertThat(this.application.statuses(2, "/place")).containsExactly(200, 429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/stage", "/mono", "/service" })
	void refusalsArriveByEveryWay(String path) {
		assertThat(this.application.statuses(2, path)).containsExactly(200, 429);
		Answer refused = this.application.get(path);
		assertThat(refused.header("Retry-After")).isEqualTo("60");
		assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
	}

	@Test
	void aCallIsCountedWhetherOrNotItsResultIsCached() {
		assertThat(this.application.get("/cached").body()).isEqualTo("1");
		assertThat(this.application.get("/cached").body()).isEqualTo("1");
		assertThat(this.application.get("/cached").status()).isEqualTo(429);
	}

	private long left(String policy, String key) {
		return this.application.bean(RateLimits.class).limiter(policy).peek(key).remaining();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableCaching
	static class Exports {

		@Bean
		CacheManager cacheManager() {
			return new ConcurrentMapCacheManager();
		}

		@RestController
		static class ExportController {

			private final ReportService reports;

			ExportController(ReportService reports) {
				this.reports = reports;
			}

			@GetMapping("/exports")
			@RateLimited("exports")
			String exports() {
				return "export";
			}

			@GetMapping("/both/{id}")
			@RateLimited("both")
			String both(@PathVariable String id) {
				return id;
			}

			@GetMapping("/reports/{id}")
			@RateLimited(limits = "1/1m", key = "#id")
			String report(@PathVariable String id) {
				return id;
			}

			@GetMapping("/place")
			@RateLimited(limits = "1/1m")
			String place() {
				return "place";
			}

			@GetMapping("/stage")
			@RateLimited(limits = "1/1m")
			CompletableFuture<String> stage() {
				return CompletableFuture.supplyAsync(() -> "stage");
			}

			@GetMapping("/mono")
			@RateLimited(limits = "1/1m")
			Mono<String> mono() {
				return Mono.just("mono");
			}

			@GetMapping("/cached")
			int cached() {
				return this.reports.cached();
			}

			@GetMapping("/service")
			String service() {
				return this.reports.report();
			}

			@ExceptionHandler(Exception.class)
			ResponseEntity<String> everything(Exception ex) {
				return ResponseEntity.status(500).body("swallowed by the controller");
			}

		}

		@Service
		static class ReportService {

			private final AtomicInteger computed = new AtomicInteger();

			@RateLimited(limits = "1/1m")
			String report() {
				return "report";
			}

			@Cacheable("reports")
			@RateLimited(limits = "2/1m")
			Integer cached() {
				return this.computed.incrementAndGet();
			}

		}

		@RestControllerAdvice
		@Order(Ordered.HIGHEST_PRECEDENCE)
		static class Advice {

			@ExceptionHandler(Exception.class)
			ResponseEntity<String> everything(Exception ex) {
				return ResponseEntity.status(500).body("swallowed by the advice");
			}

		}

	}

}
