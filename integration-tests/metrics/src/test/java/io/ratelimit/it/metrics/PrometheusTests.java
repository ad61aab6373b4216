package io.ratelimit.it.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.Limiter;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What stands in {@code /actuator/prometheus} after requests that are known.
 */
class PrometheusTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void everyOutcomeIsCountedExactly() {
		start(Fragile.class, "api.limits=5/1m", "api.paths=/api", "api.key=header:X-User", "trial.limits=2/1m",
				"trial.paths=/trial", "trial.mode=shadow", "fragile.limits=5/1m", "fragile.paths=/fragile");
		assertThat(this.application.statuses(7, "/api", "X-User", "a")).containsExactly(200, 200, 200, 200, 200, 429,
				429);
		assertThat(this.application.statuses(3, "/api", "X-User", "b")).containsOnly(200);
		assertThat(this.application.statuses(4, "/trial")).containsOnly(200);
		assertThat(this.application.statuses(3, "/fragile")).containsOnly(200);
		Scrape scrape = Scrape.of(this.application);
		assertCounts(scrape, "api", 8, 2, 0, 0);
		assertCounts(scrape, "trial", 2, 0, 2, 0);
		assertCounts(scrape, "fragile", 0, 0, 0, 3);
		assertThat(scrape.value("ratelimit_near_total", "policy", "api")).as("from the fourth of five on").isEqualTo(4);
		assertThat(scrape.value("ratelimit_near_total", "policy", "trial")).isEqualTo(3);
		assertThat(scrape.value("ratelimit_near_total", "policy", "fragile")).isZero();
		assertThat(scrape.value("ratelimit_store_failures_total", "kind", "timeout")).isEqualTo(3);
		assertThat(scrape.value("ratelimit_store_failures_total", "kind", "connection")).isZero();
	}

	@Test
	void everyPolicyOfARequestIsCountedByItself() {
		start(Api.class, "both.limits=3/1m", "both.paths=/both", "trial.limits=1/1m", "trial.paths=/both",
				"trial.mode=shadow", "wide.limits=100/1m", "wide.paths=/both");
		assertThat(this.application.statuses(4, "/both")).containsExactly(200, 200, 200, 429);
		Scrape scrape = Scrape.of(this.application);
		assertCounts(scrape, "both", 3, 1, 0, 0);
		assertCounts(scrape, "trial", 1, 0, 3, 0);
		assertCounts(scrape, "wide", 3, 0, 0, 0);
	}

	@Test
	void requestsThatDoNotSayWhoTheyAreFromAreDenied() {
		start(Api.class, "strict.limits=10/1m", "strict.paths=/strict", "strict.key=header:K",
				"strict.missing-key=deny");
		assertThat(this.application.statuses(2, "/strict")).containsOnly(429);
		assertThat(this.application.get("/strict", "K", "k").status()).isEqualTo(200);
		assertCounts(Scrape.of(this.application), "strict", 1, 2, 0, 0);
	}

	@Test
	void aHundredThousandKeysAddNoSeries() {
		start(Api.class, "api.limits=5/1m", "api.paths=/api", "api.key=header:X-User");
		this.application.get("/api", "X-User", "first");
		List<Scrape.Series> before = Scrape.of(this.application).beginningWith("ratelimit");
		Limiter limiter = this.application.bean(RateLimits.class).limiter("api");
		for (int i = 0; i < 99_000; i++) {
			limiter.tryAcquire("key-" + i);
		}
		for (int i = 0; i < 1_000; i++) {
			this.application.get("/api", "X-User", "user-" + i);
		}
		Scrape scrape = Scrape.of(this.application);
		List<Scrape.Series> after = scrape.beginningWith("ratelimit");
		assertThat(after).hasSameSizeAs(before)
			.allSatisfy((series) -> assertThat(series.toString()).doesNotContain("key-", "user-", "first"));
		assertCounts(scrape, "api", 100_001, 0, 0, 0);
		assertThat(scrape.value("ratelimit_keys")).isBetween(90_000.0, 110_000.0);
	}

	private static void assertCounts(Scrape scrape, String policy, int allowed, int denied, int shadowDenied,
			int notCounted) {
		assertThat(Stream.of("allowed", "denied", "shadow-denied", "not-counted")
			.map((outcome) -> (int) scrape.value("ratelimit_decisions_total", "policy", policy, "outcome", outcome)))
			.as(policy)
			.containsExactly(allowed, denied, shadowDenied, notCounted);
	}

	private void start(Class<?> configuration, String... properties) {
		this.application = Application.start(configuration,
				Stream
					.concat(Stream.of(Api.PROPERTIES),
							Arrays.stream(properties).map((property) -> "ratelimit.policies." + property))
					.toArray(String[]::new));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Api.ApiController.class)
	static class Fragile {

		@Bean
		RateLimitStore store(Ticker ticker) {
			return new FragileStore(ticker);
		}

	}

}
