package io.ratelimit.it.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the spans of requests tell of decisions.
 */
class SpanTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void theSpanOfARequestHasPolicyAndOutcome() {
		start("api.limits=1/1m", "api.paths=/api", "trial.limits=1/1m", "trial.paths=/trial", "trial.mode=shadow");
		assertThat(this.application.statuses(2, "/api")).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/trial")).containsOnly(200);
		this.application.get("/both");
		await(5);
		assertThat(spans().get(0)).containsEntry("ratelimit.policy", "api")
			.containsEntry("ratelimit.outcome", "allowed");
		assertThat(spans().get(1)).containsEntry("ratelimit.policy", "api")
			.containsEntry("ratelimit.outcome", "denied");
		assertThat(spans().get(3)).containsEntry("ratelimit.policy", "trial")
			.containsEntry("ratelimit.outcome", "shadow-denied");
		assertThat(spans().get(4)).doesNotContainKeys("ratelimit.policy", "ratelimit.outcome");
	}

	@Test
	void ofSeveralPoliciesTheSpanHasThoseThatRefused() {
		start("one.limits=1/1m", "one.paths=/both", "two.limits=1/1m", "two.paths=/both", "wide.limits=9/1m",
				"wide.paths=/both");
		assertThat(this.application.statuses(2, "/both")).containsExactly(200, 429);
		await(2);
		assertThat(spans().get(0).get("ratelimit.policy").split(",", -1)).containsExactlyInAnyOrder("one", "two",
				"wide");
		assertThat(spans().get(1).get("ratelimit.policy").split(",", -1)).containsExactlyInAnyOrder("one", "two");
	}

	@Test
	void theMetersOfRequestsHaveTheTagsTheyHadBefore() {
		start("api.limits=1/1m", "api.paths=/api");
		assertThat(this.application.statuses(2, "/api")).containsExactly(200, 429);
		this.application.get("/both");
		await(3);
		assertThat(Scrape.of(this.application).beginningWith("http_server_requests_seconds_count")).hasSize(3)
			.allSatisfy(
					(series) -> assertThat(series.labels()).doesNotContainKeys("ratelimit_policy", "ratelimit_outcome"))
			.extracting((series) -> series.labels().get("status"))
			.containsExactlyInAnyOrder("200", "429", "200");
	}

	/**
	 * Waits for the end of spans, which comes a moment after the client has its answer.
	 */
	private void await(int spans) {
		long begin = System.nanoTime();
		while (spans().stream().filter((tags) -> tags.containsKey("status")).count() < spans) {
			assertThat(System.nanoTime() - begin).as("%s", spans()).isLessThan(TimeUnit.SECONDS.toNanos(10));
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
		assertThat(spans()).hasSize(spans);
	}

	private List<Map<String, String>> spans() {
		return this.application.bean(SimpleTracer.class).getSpans().stream().map(SimpleSpan::getTags).toList();
	}

	private void start(String... properties) {
		this.application = Application.start(Traced.class,
				Stream
					.concat(Stream.of(Api.PROPERTIES),
							Stream.of(properties).map((property) -> "ratelimit.policies." + property))
					.toArray(String[]::new));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Api.ApiController.class)
	static class Traced {

		@Bean
		SimpleTracer tracer() {
			return new SimpleTracer();
		}

		@Bean
		DefaultTracingObservationHandler tracing(SimpleTracer tracer) {
			return new DefaultTracingObservationHandler(tracer);
		}

	}

}
