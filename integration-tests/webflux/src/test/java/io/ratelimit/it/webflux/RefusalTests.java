package io.ratelimit.it.webflux;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a client reads when an annotated method of an application of WebFlux refuses a
 * call.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusalTests {

	private static final HttpClient client = HttpClient.newHttpClient();

	/** One at a time, since the threads of Netty end with whichever is closed. */
	private @Nullable ConfigurableApplicationContext application;

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/mono?customer=a", "/flux?customer=a", "/plain?customer=a", "/route" })
	void aRefusedCallIsAnsweredAsARequestThatAFilterRefuses(String path, CapturedOutput output) throws Exception {
		start();
		assertThat(get(path).statusCode()).isEqualTo(200);
		HttpResponse<String> refused = get(path);
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(3000L, 3600L);
		assertThat(refused.headers().firstValue("RateLimit-Policy").orElseThrow()).endsWith(";q=1;w=3600");
		assertThat(refused.headers().firstValue("RateLimit").orElseThrow()).contains(";r=0;t=");
		assertThat(refused.headers().firstValue("Cache-Control")).contains("no-store");
		assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(refused.body())
			.startsWith("{\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\","
					+ "\"title\":\"Too Many Requests\",\"status\":429,\"detail\":\"Too many requests; try again in ")
			.contains("\"instance\":\"" + path.replaceAll("\\?.*", "") + "\",\"violated-policies\":[\"");
		assertThat(output).doesNotContain("ERROR");
	}

	@Test
	void anotherCustomerIsNotRefused() throws Exception {
		start();
		assertThat(get("/mono?customer=b").statusCode()).isEqualTo(200);
		assertThat(get("/mono?customer=c").statusCode()).isEqualTo(200);
	}

	@Test
	void theAnswerToHeadHasNoBody() throws Exception {
		start();
		get("/mono?customer=head");
		HttpRequest head = HttpRequest.newBuilder(uri("/mono?customer=head"))
			.method("HEAD", HttpRequest.BodyPublishers.noBody())
			.build();
		HttpResponse<String> refused = client.send(head, HttpResponse.BodyHandlers.ofString());
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(refused.body()).isEmpty();
	}

	@Test
	void statusAndFieldsFollowTheConfiguration() throws Exception {
		start("ratelimit.http.status=420", "ratelimit.http.headers=x-ratelimit");
		get("/plain?customer=a");
		HttpResponse<String> refused = get("/plain?customer=a");
		assertThat(refused.statusCode()).isEqualTo(420);
		assertThat(refused.headers().firstValue("X-RateLimit-Limit")).contains("1");
		assertThat(refused.headers().firstValue("RateLimit")).isEmpty();
	}

	private void start(String... properties) {
		this.application = new SpringApplicationBuilder(ReactiveApi.class)
			.properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn",
					"ratelimit.policies.greetings.limits=1/1h", "ratelimit.policies.greetings.key=global")
			.properties(properties)
			.run();
	}

	private HttpResponse<String> get(String path) throws Exception {
		return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:"
				+ Objects.requireNonNull(this.application).getEnvironment().getProperty("local.server.port") + path);
	}

}
