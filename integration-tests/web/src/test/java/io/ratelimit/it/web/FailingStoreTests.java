package io.ratelimit.it.web;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import io.ratelimit.BoundClaim;
import io.ratelimit.BoundPolicy;
import io.ratelimit.Decision;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitListener;
import io.ratelimit.RateLimitStore;
import io.ratelimit.RateLimitStoreException;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A store of the application's own that does not answer.
 */
class FailingStoreTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void allowLetsThroughAndInventsNoNumbers() {
		Answer answer = start("allow").get("/api/hello");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("RateLimit-Policy")).isEmpty();
		assertThat(answer.header("RateLimit")).isEmpty();
		assertThat(this.application.bean(Counting.class).failures.get()).isEqualTo(1);
	}

	@Test
	void denyAnswersThatTheServerCannotCount() {
		Answer answer = start("deny").get("/api/hello");
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.header("Retry-After")).isEqualTo("1");
		assertThat(answer.header("RateLimit")).isEmpty();
		assertThat(answer.body()).contains("temporary-reduced-capacity", "\"status\":503");
	}

	@Test
	void localCountsInProcess() {
		assertThat(start("local").statuses(3, "/api/hello")).containsExactly(200, 200, 429);
	}

	private Application start(String failureMode) {
		this.application = Application.start(Broken.class, "ratelimit.policies.api.limits=2/1m",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.failure-mode=" + failureMode);
		return this.application;
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Api.ApiController.class)
	static class Broken {

		@Bean
		RateLimitStore store() {
			return new BrokenStore();
		}

		@Bean
		Counting counting() {
			return new Counting();
		}

	}

	static class Counting implements RateLimitListener {

		private final AtomicInteger failures = new AtomicInteger();

		@Override
		public void onStoreFailure(RateLimitStoreException failure) {
			this.failures.incrementAndGet();
		}

	}

	static final class BrokenStore implements RateLimitStore {

		@Override
		public BoundPolicy bind(Policy policy) {
			return new BrokenPolicy(policy);
		}

		@Override
		public List<Decision> tryAcquireAll(List<BoundClaim> claims) {
			throw new RateLimitStoreException("on purpose", null);
		}

		@Override
		public void close() {
		}

	}

	private record BrokenPolicy(Policy policy) implements BoundPolicy {

		@Override
		public Decision tryAcquire(String key, long permits) {
			throw new RateLimitStoreException("on purpose", null);
		}

		@Override
		public Decision peek(String key) {
			throw new RateLimitStoreException("on purpose", null);
		}

		@Override
		public void reset(String key) {
			throw new RateLimitStoreException("on purpose", null);
		}

		@Override
		public void resetAll() {
			throw new RateLimitStoreException("on purpose", null);
		}

		@Override
		public CompletionStage<?> giveBack(String key, long permits, Decision granted) {
			throw new RateLimitStoreException("on purpose", null);
		}

		@Override
		public void replace(Policy policy) {
			throw new UnsupportedOperationException();
		}

	}

}
