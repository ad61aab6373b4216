package com.example.hello;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the jar that the build has made, in a process of its own.
 */
class HelloApplicationIT {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final StringBuilder output = new StringBuilder();

	private static Process application;

	private static int port;

	@BeforeAll
	static void start() throws IOException {
		application = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
				System.getProperty("application.jar"), "--server.port=0")
			.redirectErrorStream(true)
			.start();
		BufferedReader reader = new BufferedReader(
				new InputStreamReader(application.getInputStream(), StandardCharsets.UTF_8));
		for (String line = reader.readLine(); line != null && port == 0; line = reader.readLine()) {
			output.append(line).append('\n');
			Matcher matcher = PORT.matcher(line);
			port = matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
		}
		assertThat(port).as(output::toString).isPositive();
	}

	@AfterAll
	static void stop() {
		application.destroy();
	}

	@Test
	void threeLinesOfYamlAreALimit() throws Exception {
		HttpClient client = HttpClient.newHttpClient();
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/hello")).build();
		for (int i = 1; i <= 10; i++) {
			HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("RateLimit-Policy")).contains("\"api\";q=10;w=60");
			assertThat(response.headers().firstValue("RateLimit").orElseThrow()).startsWith("\"api\";r=" + (10 - i));
		}
		HttpResponse<String> refused = client.send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(50L, 60L);
		assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(refused.body()).contains("quota-exceeded", "\"violated-policies\":[\"api\"]");
	}

	@Test
	void nothingOfRedisIsAdded() throws Exception {
		try (JarFile jar = new JarFile(System.getProperty("application.jar"))) {
			assertThat(jar.stream().map(ZipEntry::getName)).anyMatch((name) -> name.contains("/ratelimit-core-"))
				.noneMatch((name) -> name.matches(".*/(ratelimit-redis|lettuce|spring-data|netty).*"));
		}
	}

}
