package io.ratelimit.it.webflux;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimitExceededException;
import io.ratelimit.RateLimits;
import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What stops the start of an application of WebFlux.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartTests {

	private static final String[] NOTHING = {};

	@Test
	void anAnnotationWithoutAKeyStopsTheStart(CapturedOutput output) {
		assertThat(failure(ByAddress.class, NOTHING)).isNotNull();
		assertThat(output).contains("ByAddress.call()", "'ip'", "reactive", "#id", "global");
	}

	@Test
	void aPolicyByAHeaderThatAnAnnotationUsesStopsTheStart(CapturedOutput output) {
		assertThat(failure(ByPolicy.class, "ratelimit.policies.api.limits=1/1h",
				"ratelimit.policies.api.key=header:X-Api-Key | ip"))
			.isNotNull();
		assertThat(output).contains("'header:X-Api-Key | ip'", "reactive");
	}

	@Test
	void aPolicyWithTheDefaultKeyThatAnAnnotationUsesStopsTheStart(CapturedOutput output) {
		assertThat(failure(ByPolicy.class, "ratelimit.policies.api.limits=1/1h")).isNotNull();
		assertThat(output).contains("ByPolicy.call()", "'ip'", "reactive");
	}

	@Test
	void aKeyOfARequestInAnAnnotationStopsTheStart(CapturedOutput output) {
		assertThat(failure(ByPrincipal.class, NOTHING)).isNotNull();
		assertThat(output).contains("'principal'", "reactive");
	}

	@Test
	void aWaitOfABlockingMethodStopsTheStart(CapturedOutput output) {
		assertThat(failure(Waiting.class, "ratelimit.policies.even.limits[0].permits=1",
				"ratelimit.policies.even.limits[0].window=1s",
				"ratelimit.policies.even.limits[0].algorithm=leaky-bucket",
				"ratelimit.policies.even.limits[0].max-wait=1m"))
			.isNotNull();
		assertThat(output).contains("Waiting.call()", "'even'", "1/1s leaky-bucket max-wait 1m", "Mono");
	}

	@Test
	void keysThatAskNothingOfARequestStart() {
		try (ConfigurableApplicationContext application = run(Fine.class, "ratelimit.policies.even.limits[0].permits=1",
				"ratelimit.policies.even.limits[0].window=1s",
				"ratelimit.policies.even.limits[0].algorithm=leaky-bucket",
				"ratelimit.policies.even.limits[0].max-wait=1ms", "ratelimit.policies.even.key=global",
				"ratelimit.policies.api.limits=1/1h")) {
			Fine fine = application.getBean(Fine.class);
			fine.byId("a");
			fine.byId("b");
			fine.byId(null);
			assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(() -> fine.byId(null));
		}
	}

	@Test
	void aWaitThatAPolicyImposesLaterIsARefusal() {
		try (ConfigurableApplicationContext application = run(Fine.class, "ratelimit.policies.even.limits=1/1h",
				"ratelimit.policies.even.key=global", "ratelimit.policies.api.limits=9/1h")) {
			application.getBean(RateLimits.class)
				.register(Policy.of("api", Limit.valueOf("1/10s leaky-bucket max-wait 20s")));
			Fine fine = application.getBean(Fine.class);
			fine.byId("a");
			assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(() -> fine.byId("a"));
		}
	}

	private static Throwable failure(Class<?> service, String... properties) {
		return catchThrowable(() -> run(service, properties).close());
	}

	private static ConfigurableApplicationContext run(Class<?> service, String... properties) {
		return new SpringApplicationBuilder(Empty.class, service)
			.properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn")
			.properties(properties)
			.run();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Empty {

	}

	static class ByAddress {

		@RateLimited(limits = "1/1h")
		Mono<String> call() {
			return Mono.just("");
		}

	}

	static class ByPolicy {

		@RateLimited("api")
		Mono<String> call() {
			return Mono.just("");
		}

	}

	static class ByPrincipal {

		@RateLimited(limits = "1/1h", key = "principal")
		Mono<String> call() {
			return Mono.just("");
		}

	}

	static class Waiting {

		@RateLimited(policy = "even", key = "global")
		String call() {
			return "";
		}

	}

	static class Fine {

		@RateLimited("even")
		Mono<String> delayed() {
			return Mono.just("");
		}

		@RateLimited(policy = "api", key = "#id")
		String byId(String id) {
			return "";
		}

		@RateLimited(limits = "1/1h", key = "global")
		String together() {
			return "";
		}

	}

}
