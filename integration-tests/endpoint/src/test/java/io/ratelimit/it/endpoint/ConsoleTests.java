package io.ratelimit.it.endpoint;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the operators' page is, and what is sent with it.
 */
class ConsoleTests {

	private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void thereIsNoPageUnlessItIsAskedFor() {
		start();
		assertThat(this.application.get("/actuator/ratelimits").status()).isEqualTo(200);
		assertThat(this.application.get("/actuator/ratelimits/console").status()).isEqualTo(404);
		assertThat(this.application.get("/actuator/ratelimits/console/console.js").status()).isEqualTo(404);
	}

	@Test
	void thereIsNoPageWithoutTheEndpoint() {
		start("management.endpoint.ratelimits.console.enabled=true", "management.endpoint.ratelimits.access=none");
		assertThat(this.application.get("/actuator/ratelimits/console").status()).isEqualTo(404);
	}

	@Test
	void nothingFromElsewhereCanRunInThePage() {
		start("management.endpoint.ratelimits.console.enabled=true");
		Answer page = this.application.get("/actuator/ratelimits/console");
		assertThat(page.status()).isEqualTo(200);
		assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
		assertThat(page.header("Content-Security-Policy"))
			.contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
			.doesNotContain("unsafe", "http");
		assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(page.header("Cache-Control")).isEqualTo("no-store");
		assertThat(page.body()).doesNotContain("<style", " style=", "//", "onclick").contains("data-csrf-token=\"\"");
		assertThat(page.body()).containsPattern("<script src=\"[^\"]+\" type=\"module\"></script>");
	}

	@Test
	void aPolicyCanBeCalledConsole() {
		start("management.endpoint.ratelimits.console.enabled=true", "ratelimit.policies.console=1/1m");
		assertThat(this.application.get("/actuator/ratelimits/policies/console").body())
			.contains("\"name\":\"console\"");
		assertThat(this.application.get("/actuator/ratelimits/console").body()).startsWith("<!DOCTYPE html>");
	}

	@Test
	void aFileIsOnlyRead() {
		start("management.endpoint.ratelimits.console.enabled=true");
		assertThat(this.application.post("/actuator/ratelimits/console", "x").status()).isEqualTo(405);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/ratelimits", "/base/actuator/ratelimits", "/manage/deep/ratelimits",
			"/actuator/limits", "/ratelimits" })
	void everyFileIsBelowTheEndpointWhereverThatIs(String endpoint) {
		start("management.endpoint.ratelimits.console.enabled=true", switch (endpoint) {
			case "/base/actuator/ratelimits" -> "server.servlet.context-path=/base";
			case "/manage/deep/ratelimits" -> "management.endpoints.web.base-path=/manage/deep";
			case "/actuator/limits" -> "management.endpoints.web.path-mapping.ratelimits=limits";
			case "/ratelimits" -> "management.endpoints.web.base-path=/";
			default -> "management.endpoints.web.base-path=/actuator";
		});
		assertThatPageIsWhole(this.application.uri(endpoint + "/console"));
	}

	@Test
	void thePageIsOnThePortOfTheActuator() {
		start("management.endpoint.ratelimits.console.enabled=true", "management.server.port=0",
				"management.server.address=127.0.0.1", "management.server.base-path=/ops");
		assertThat(this.application.get("/ops/actuator/ratelimits/console").status()).isEqualTo(404);
		assertThat(this.application.get("/actuator/ratelimits/console").status()).isEqualTo(404);
		String port = this.application.bean(Environment.class).getRequiredProperty("local.management.port");
		assertThatPageIsWhole(URI.create("http://127.0.0.1:" + port + "/ops/actuator/ratelimits/console"));
	}

	private void assertThatPageIsWhole(URI page) {
		Answer answer = this.application.get(page);
		assertThat(answer.status()).isEqualTo(200);
		List<String> links = LINK.matcher(answer.body()).results().map((MatchResult link) -> link.group(1)).toList();
		assertThat(links).hasSize(3);
		for (String link : links) {
			Answer file = this.application.get(page.resolve(link));
			assertThat(file.status()).as(link).isEqualTo(200);
			assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
			assertThat(file.header("Content-Type")).contains(
					link.endsWith("js") ? "text/javascript" : link.endsWith("css") ? "text/css" : "image/svg+xml");
		}
		String endpoint = page.toString().substring(0, page.toString().lastIndexOf('/'));
		assertThat(this.application.get(URI.create(endpoint)).body()).contains("\"policies\":[");
	}

	private void start(String... properties) {
		this.application = Application.start(Api.class, Stream
			.concat(Stream.of("management.endpoints.web.exposure.include=ratelimits",
					"ratelimit.policies.api.limits=2/1m", "ratelimit.policies.exports=6/1h"), Arrays.stream(properties))
			.toArray(String[]::new));
	}

}
