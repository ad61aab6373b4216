package io.ratelimit.it.endpoint;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import io.ratelimit.Limiter;
import io.ratelimit.Mode;
import io.ratelimit.RateLimits;
import io.ratelimit.harness.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the endpoint tells of policies and keys.
 */
class EndpointTests {

	private Endpoint endpoint;

	@AfterEach
	void stop() {
		this.endpoint.close();
	}

	@Test
	void everyPolicyIsToldWithWhatItIsUsedFor() {
		this.endpoint = Endpoint.start();
		String all = this.endpoint.read("");
		assertThat(JsonPath.<List<String>>read(all, "$.policies[*].name")).hasSize(4)
			.contains("api", "exports", "search");
		assertThat(JsonPath.<Boolean>read(all, "$.writable")).isFalse();
	}

	@Test
	void onePolicyIsToldInFull() {
		this.endpoint = Endpoint.start();
		this.endpoint.application().statuses(3, "/api/hello", "X-User", "alice");
		String api = this.endpoint.read("/policies/api");
		assertThat(JsonPath.<Map<String, Object>>read(api, "$")).containsEntry("name", "api")
			.containsEntry("mode", "enforce")
			.containsEntry("failureMode", "allow")
			.containsEntry("store", "caffeine")
			.containsEntry("paths", List.of("/api/**"))
			.containsEntry("except", List.of("/api/health"))
			.containsEntry("methods", List.of("GET", "POST"))
			.containsEntry("key", "header:X-User | ip")
			.containsEntry("cost", "1")
			.containsEntry("calls", List.of())
			.containsEntry("limits",
					List.of(Map.of("name", "api", "limit", "2/1m", "permits", 2, "window", "1m", "algorithm",
							"sliding-window")))
			.containsEntry("decisions", Map.of("allowed", 2, "denied", 1, "shadow-denied", 0, "not-counted", 0));
		assertThat(JsonPath.<Integer>read(api, "$.recent.refusals")).isEqualTo(1);
	}

	@Test
	void aLimitIsToldAsItCanBeWritten() {
		this.endpoint = Endpoint.start();
		assertThat(JsonPath.<List<String>>read(this.endpoint.read("/policies/search"), "$.limits[*].limit"))
			.containsExactly("50/1s token-bucket burst 200 name search-burst", "5000/1d");
		assertThat(JsonPath.<List<String>>read(this.endpoint.read("/policies/search"), "$.limits[*].name"))
			.containsExactly("search-burst", "search-1d");
		assertThat(JsonPath.<String>read(this.endpoint.read("/policies/search"), "$.failureMode")).isEqualTo("deny");
	}

	@Test
	void annotatedMethodsAreToldByTheirPolicy() {
		this.endpoint = Endpoint.start();
		assertThat(JsonPath.<List<String>>read(this.endpoint.read("/policies/exports"), "$.calls"))
			.containsExactly("io.ratelimit.it.endpoint.Api$ApiController.export()");
		List<String> inPlace = JsonPath.read(this.endpoint.read(""),
				"$.policies[?(@.limits[0].permits == 7)].calls[0]");
		assertThat(inPlace).singleElement().asString().endsWith("ApiController.report()");
		assertThat(JsonPath.<List<Object>>read(this.endpoint.read(""), "$.policies[?(@.limits[0].permits == 7)].key"))
			.isEmpty();
	}

	@Test
	void lookingAtAKeyTakesNothing() {
		this.endpoint = Endpoint.start();
		assertThat(this.endpoint.application().get("/api/hello", "X-User", "alice").status()).isEqualTo(200);
		for (int i = 0; i < 5; i++) {
			String state = this.endpoint.read("/keys/api?key=alice");
			assertThat(JsonPath.<Map<String, Object>>read(state, "$")).containsEntry("policy", "api")
				.containsEntry("counted", true)
				.containsEntry("allowed", true)
				.containsEntry("limit", "2/1m")
				.containsEntry("remaining", 1)
				.containsEntry("resetAfterSeconds", 60.0)
				.doesNotContainKeys("key", "retryAfterSeconds");
		}
		this.endpoint.application().clock().advance(Duration.ofMillis(500));
		assertThat(this.endpoint.application().statuses(2, "/api/hello", "X-User", "alice")).containsExactly(200, 429);
		String state = this.endpoint.read("/keys/api?key=alice");
		assertThat(JsonPath.<Map<String, Object>>read(state, "$")).containsEntry("allowed", false)
			.containsEntry("remaining", 0)
			.containsEntry("retryAfterSeconds", 59.5);
		assertThat(JsonPath.<Integer>read(this.endpoint.read("/policies/api"), "$.decisions.allowed")).isEqualTo(2);
		assertThat(JsonPath.<Integer>read(this.endpoint.read("/keys/api?key=somebody"), "$.remaining")).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "a/b?c=d&e", "~ip~127.0.0.1", "user name+more%2F", "流量", "''" })
	void aKeyCanHoldAnything(String key) {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE, "ratelimit.policies.api.key=ip");
		Limiter limiter = this.endpoint.application().bean(RateLimits.class).limiter("api");
		limiter.tryAcquire(key, 2);
		String path = "/keys/api?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
		assertThat(JsonPath.<Integer>read(this.endpoint.read(path), "$.remaining")).isZero();
		assertThat(this.endpoint.delete(path).status()).isEqualTo(204);
		assertThat(JsonPath.<Integer>read(this.endpoint.read(path), "$.remaining")).isEqualTo(2);
	}

	@Test
	void whatIsOffIsNotCounted() {
		this.endpoint = Endpoint.start("ratelimit.policies.api.mode=off");
		assertThat(JsonPath.<Map<String, Object>>read(this.endpoint.read("/keys/api?key=alice"), "$"))
			.containsEntry("counted", false)
			.containsEntry("allowed", true)
			.doesNotContainKeys("remaining", "limit");
	}

	@Test
	void whatIsNotExposedIsNotThere() {
		this.endpoint = Endpoint.start("management.endpoints.web.exposure.include=health");
		assertThat(this.endpoint.application().get("/actuator/ratelimits").status()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			GET    | /policies/apj               | there is no policy 'apj': known are [
			GET    | /keys/apj?key=k             | there is no policy 'apj': known are [
			GET    | /keys/api?id=123456789abc   | '123456789abc' is no offender of policy 'api'
			GET    | /things/api                 | there is no 'things' here
			POST   | /policies/apj               | there is no policy 'apj': known are [
			POST   | /keys/api                   | there is no 'keys' here
			DELETE | /keys/apj?key=k             | there is no policy 'apj': known are [
			DELETE | /policies/apj               | there is no policy 'apj': known are [
			DELETE | /things/api                 | there is no 'things' here
			""")
	void whatIsNotThereIsNotFound(String method, String path, String reason) {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		Answer answer = this.endpoint.application()
			.send(method, "/actuator/ratelimits" + path, method.equals("POST") ? "{\"mode\":\"off\"}" : "",
					Endpoint.JSON);
		assertThat(answer.status()).isEqualTo(404);
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains(reason);
		assertThat(this.endpoint.policy("api").mode()).isEqualTo(Mode.ENFORCE);
	}

	@ParameterizedTest
	@CsvSource({ "GET,/keys/api", "GET,/keys/api?key=a&id=b", "DELETE,/keys/api" })
	void itMustBeSaidWhoIsMeant(String method, String path) {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		Answer answer = this.endpoint.application().send(method, "/actuator/ratelimits" + path, "");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains("either key=KEY, or id=ID");
	}

}
