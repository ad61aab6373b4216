package io.ratelimit.it.web;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Functional handlers that call a limited method.
 */
class RouterFunctionTests {

	@Test
	void refusalIsAnsweredUnlessTheRouteAnswersEveryException() {
		try (Application application = Application.start(Routes.class, "ratelimit.policies.work.limits=1/1h",
				"ratelimit.policies.work.key=global")) {
			assertThat(application.get("/plain").body()).isEqualTo("worked");
			assertThat(application.get("/plain").status()).isEqualTo(429);
			assertThat(application.get("/others").status()).isEqualTo(429);
			assertThat(application.get("/all").body()).isEqualTo("answered by the route");
		}
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Routes {

		@Bean
		Work work() {
			return new Work();
		}

		@Bean
		RouterFunction<ServerResponse> plain(Work work) {
			return RouterFunctions.route().GET("/plain", (request) -> ServerResponse.ok().body(work.work())).build();
		}

		@Bean
		RouterFunction<ServerResponse> all(Work work) {
			return RouterFunctions.route()
				.GET("/all", (request) -> ServerResponse.ok().body(work.work()))
				.onError((ex) -> true, (ex, request) -> ServerResponse.status(500).body("answered by the route"))
				.build();
		}

		@Bean
		RouterFunction<ServerResponse> others(Work work) {
			return RouterFunctions.route()
				.GET("/others", (request) -> ServerResponse.ok().body(work.work()))
				.onError((ex) -> !(ex instanceof RateLimitExceededException),
						(ex, request) -> ServerResponse.status(500).body("answered by the route"))
				.build();
		}

	}

	static class Work {

		@RateLimited("work")
		String work() {
			return "worked";
		}

	}

}
