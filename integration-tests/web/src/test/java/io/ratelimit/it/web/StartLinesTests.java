package io.ratelimit.it.web;

import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.ratelimit.annotation.RateLimited;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the log says of policies at the start.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartLinesTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void aLineForEachPolicySaysWhatItLimits(CapturedOutput output) {
		this.application = Application.start(Exporting.class, "logging.level.io.ratelimit=info",
				"ratelimit.policies.exports.limits=1/1h", "ratelimit.policies.api.limits=10/1s, 1000/1h",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.api.except=/api/health",
				"ratelimit.policies.api.key=header:X-Api-Key | ip", "ratelimit.policies.login.limits=5/15m",
				"ratelimit.policies.login.paths=/login", "ratelimit.policies.login.methods=POST",
				"ratelimit.policies.login.mode=shadow", "ratelimit.policies.login.missing-key=deny",
				"ratelimit.policies.login.key=param:user", "ratelimit.policies.login.cost=2");
		String exporter = Exporter.class.getTypeName();
		assertThat(output.getOut()).contains(
				"Limiting by api 10/1s, 1000/1h: requests to /api/** except /api/health, key header:X-Api-Key | ip\n",
				"Limiting by login 5/15m (shadow): POST requests to /login, key param:user, missing-key deny, cost 2\n",
				"Limiting by exports 1/1h: calls of " + exporter + ".export(), key ip\n",
				" 7/1m: calls of " + exporter + ".report(String), key #user\n");
	}

	@Test
	void notMoreThanTwentyPoliciesHaveALine(CapturedOutput output) {
		String[] properties = IntStream.range(0, 33)
			.mapToObj((i) -> "ratelimit.policies.p%s=%s/1h".formatted(100 + i, i + 1))
			.toArray(String[]::new);
		this.application = Application.start(Nothing.class,
				Stream.concat(Stream.of("logging.level.io.ratelimit=info"), Stream.of(properties))
					.toArray(String[]::new));
		assertThat(output.getOut().lines().filter((line) -> line.contains("Limiting by p"))).hasSize(20);
		assertThat(output.getOut()).contains("Limiting by 13 policies more, which the endpoint ratelimits has");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Nothing {

	}

	@Import(Nothing.class)
	static class Exporting {

		@Bean
		Exporter exporter() {
			return new Exporter();
		}

	}

	static class Exporter {

		@RateLimited("exports")
		public void export() {
		}

		@RateLimited(limits = "7/1m", key = "#user")
		public void report(String user) {
		}

	}

}
