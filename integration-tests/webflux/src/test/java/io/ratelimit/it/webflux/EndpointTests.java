package io.ratelimit.it.webflux;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The actuator endpoint of an application of WebFlux.
 */
class EndpointTests {

	@Test
	void thatRequestsAreNotLimitedIsSaid() throws IOException, InterruptedException {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(ReactiveApi.class)
			.properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn",
					"management.endpoints.web.exposure.include=ratelimits", "ratelimit.policies.idle.limits=5/1h",
					"ratelimit.policies.greetings.limits=1/1h", "ratelimit.policies.greetings.key=global")
			.run()) {
			HttpResponse<String> answer = get("/why?path=/one", context);
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(answer.body()).contains("\"handlers\":[]",
					"requests are limited in servlet applications, and this is none: annotated methods are",
					"\"policy\":\"idle\",\"guards\":false,\"reason\":\"it has no paths, and no annotated method names it\"")
				.doesNotContain("\"guards\":true");
			assertThat(get("/why", context).statusCode()).isEqualTo(400);
			assertThat(get("/why?path=/one&pth=/two", context).body()).contains("known are method, path");
			assertThat(get("/whi?path=/one", context).statusCode()).isEqualTo(404);
		}
	}

	private static HttpResponse<String> get(String path, ConfigurableApplicationContext context)
			throws IOException, InterruptedException {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/ratelimits" + path))
				.build(), HttpResponse.BodyHandlers.ofString());
	}

}
