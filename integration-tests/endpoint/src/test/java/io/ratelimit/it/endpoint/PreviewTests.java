package io.ratelimit.it.endpoint;

import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import io.ratelimit.harness.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a change would come to is known before it is made, and what was changed
 * afterwards.
 */
class PreviewTests {

	private Endpoint endpoint;

	@AfterEach
	void stop() {
		this.endpoint.close();
	}

	@Test
	void tellsWhatOtherLimitsWouldHaveRefused() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		this.endpoint.application().statuses(5, "/api/hello", "X-User", "alice");
		this.endpoint.application().statuses(2, "/api/hello", "X-User", "bob");
		String preview = this.endpoint.read("/preview/api?limits=1/1m");
		assertThat(JsonPath.<Map<String, Object>>read(preview, "$.tried"))
			.isEqualTo(Map.of("requests", 7, "refused", 5, "keys", 2, "refusedKeys", 2));
		assertThat(JsonPath.<Map<String, Object>>read(preview, "$.current"))
			.isEqualTo(Map.of("requests", 7, "refused", 3, "keys", 2, "refusedKeys", 1));
		assertThat(JsonPath.<List<String>>read(preview, "$.limits")).containsExactly("1/1m");
		assertThat(JsonPath.<Double>read(preview, "$.share")).isEqualTo(1.0);
		assertThat(this.endpoint.policy("api").limits()).hasToString("[2/1m]");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			/preview/api              | 400 | say which limits to try: limits=100/1m
			/preview/api?limits=fast  | 400 | 'fast' is not a limit
			/preview/search?limits=1/1m | 400 | 5
			/preview/apj?limits=1/1m  | 404 | there is no policy 'apj'
			/policies/api?limits=1/1m | 400 | limits are tried below preview/api
			/keys/api?limits=1/1m&key=a | 400 | limits are tried below preview/api
			""")
	void whatCannotBeTriedIsRefusedWithTheReason(String path, int status, String reason) {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		Answer answer = this.endpoint.application().get("/actuator/ratelimits" + path);
		assertThat(answer.status()).isEqualTo(status);
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains(reason);
	}

	@Test
	void whereNothingCanBeChangedNothingIsTried() {
		this.endpoint = Endpoint.start();
		Answer answer = this.endpoint.application().get("/actuator/ratelimits/preview/api?limits=1/1m");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(JsonPath.<String>read(answer.body(), "$.detail"))
			.contains("management.endpoint.ratelimits.access to unrestricted");
	}

	@Test
	void changesAreToldTheLatestFirst() {
		this.endpoint = Endpoint.start(Endpoint.WRITABLE);
		assertThat(JsonPath.<List<?>>read(this.endpoint.read(""), "$.changes")).isEmpty();
		assertThat(this.endpoint.change("api", "{\"limits\": \"9/1m\", \"mode\": \"shadow\"}").status()).isEqualTo(200);
		assertThat(this.endpoint.change("api", "{\"limits\": \"nonsense\"}").status()).isEqualTo(400);
		assertThat(this.endpoint.delete("/keys/api?key=alice").status()).isEqualTo(204);
		assertThat(this.endpoint.delete("/policies/api").status()).isEqualTo(204);
		String all = this.endpoint.read("");
		assertThat(JsonPath.<List<String>>read(all, "$.changes[*].kind")).containsExactly("reset-all", "reset",
				"change");
		assertThat(JsonPath.<List<String>>read(all, "$.changes[*].policy")).containsOnly("api");
		assertThat(JsonPath.<Map<String, Object>>read(all, "$.changes[2].before"))
			.isEqualTo(Map.of("limits", List.of("2/1m"), "mode", "enforce"));
		assertThat(JsonPath.<Map<String, Object>>read(all, "$.changes[2].after"))
			.isEqualTo(Map.of("limits", List.of("9/1m"), "mode", "shadow"));
		assertThat(JsonPath.<String>read(all, "$.changes[1].id")).matches("[0-9a-f]{12}");
		assertThat(JsonPath.<String>read(all, "$.changes[0].at")).matches("20[0-9-]+T[0-9:.]+Z");
		assertThat(all).doesNotContain("alice");
		for (int i = 0; i < 60; i++) {
			this.endpoint.delete("/policies/api");
		}
		assertThat(JsonPath.<List<?>>read(this.endpoint.read(""), "$.changes")).hasSize(50);
		assertThat(JsonPath.<String>read(this.endpoint.read(""), "$.instance"))
			.matches("application, host .+, pid [0-9]+");
	}

}
