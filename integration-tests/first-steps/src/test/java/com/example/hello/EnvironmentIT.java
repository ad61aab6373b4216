package com.example.hello;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Environment variables and system properties, which a process has one set of.
 */
class EnvironmentIT {

	@ParameterizedTest
	@CsvSource({ "RATELIMIT_STOER, redis, RATELIMIT_STORE",
			"RATELIMIT_POLICIES_API_PATH, /api/**, RATELIMIT_POLICIES_API_PATHS" })
	void aMisspeltVariableStopsTheStart(String variable, String value, String right) throws Exception {
		String output = run(1, Map.of(variable, value));
		assertThat(output).contains("APPLICATION FAILED TO START", "\"" + variable + "\"", "there is no such property",
				"Did you mean " + right + "?");
	}

	@Test
	void aMisspeltSystemPropertyStopsTheStart() throws Exception {
		String output = run(1, Map.of(), "-Dratelimit.policies.api.path=/api/**");
		assertThat(output).contains("APPLICATION FAILED TO START", "ratelimit.policies.api.path = '/api/**'",
				"Did you mean ratelimit.policies.api.paths?", "META-INF/ratelimit/configuration.md");
	}

	@Test
	void aVariableOverridesTheFile() throws Exception {
		assertThat(run(0, Map.of("RATELIMIT_POLICIES_API_LIMITS", "2/1h"))).contains("Limiting by api 2/1h");
	}

	@Test
	void aSystemPropertyOverridesAVariable() throws Exception {
		assertThat(run(0, Map.of("RATELIMIT_POLICIES_API_LIMITS", "2/1h"), "-Dratelimit.policies.API=3/1h"))
			.contains("Limiting by api 3/1h");
	}

	@Test
	void whatKubernetesSaysOfAServiceIsNoProperty() throws Exception {
		assertThat(run(0, Map.of("RATELIMIT_SERVICE_HOST", "10.0.0.1", "RATELIMIT_PORT", "tcp://10.0.0.1:8081")))
			.contains("Limiting by api 10/1m");
	}

	@Test
	void aVariableBesideOursIsTold() throws Exception {
		assertThat(run(0, Map.of("RATE_LIMIT_POLICIES_API_LIMITS", "2/1h"))).contains("Limiting by api 10/1m",
				"\"RATE_LIMIT_POLICIES_API_LIMITS\"", "did you mean ratelimit.policies.api.limits?");
	}

	private static String run(int exitCode, Map<String, String> variables, String... properties)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(properties));
		command
			.addAll(List.of("-jar", System.getProperty("application.jar"), "--spring.main.web-application-type=none"));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().putAll(variables);
		Process process = builder.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).as(output).isEqualTo(exitCode);
		return output;
	}

}
