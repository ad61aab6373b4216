package io.ratelimit.it.war;

import java.util.concurrent.CompletableFuture;

import io.ratelimit.annotation.RateLimited;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.support.SpringBootServletInitializer;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application for a container of one's own.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(DeployedApplication.Api.class)
public class DeployedApplication extends SpringBootServletInitializer {

	@Override
	protected SpringApplicationBuilder configure(SpringApplicationBuilder builder) {
		return builder.sources(DeployedApplication.class)
			.properties("spring.main.banner-mode=off", "ratelimit.policies.api.limits=1/1h",
					"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.paced.limits[0].permits=100",
					"ratelimit.policies.paced.limits[0].window=1s",
					"ratelimit.policies.paced.limits[0].algorithm=leaky-bucket",
					"ratelimit.policies.paced.limits[0].max-wait=5s");
	}

	@RestController
	static class Api {

		@GetMapping("/api/hello")
		String hello() {
			return "Hello";
		}

		@GetMapping("/paced")
		@RateLimited(policy = "paced", key = "global")
		public CompletableFuture<String> paced() {
			return CompletableFuture.completedFuture("paced");
		}

	}

}
