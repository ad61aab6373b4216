package io.ratelimit.it.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.jayway.jsonpath.JsonPath;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The description of an API, as a client reads it.
 */
final class Description {

	private final String json;

	private Description(String json) {
		this.json = json;
	}

	static Description of(Application application) {
		return of(application, "/v3/api-docs");
	}

	static Description of(Application application, String path) {
		Answer answer = application.get(path);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		return new Description(answer.body());
	}

	/**
	 * Returns the operations that document a status, as {@code GET /path}, in
	 * alphabetical order.
	 */
	List<String> operations(String status) {
		Map<String, Map<String, Map<String, Object>>> paths = JsonPath.read(this.json, "$.paths");
		List<String> operations = new ArrayList<>();
		paths.forEach((path, item) -> item.forEach((method, operation) -> {
			if (((Map<?, ?>) operation.get("responses")).containsKey(status)) {
				operations.add(method.toUpperCase(Locale.ROOT) + " " + path);
			}
		}));
		operations.sort(null);
		return operations;
	}

	/**
	 * Returns a response of the operation {@code POST /orders}.
	 */
	Map<String, Object> response(String status) {
		return response("/orders", status);
	}

	/**
	 * Returns a response to a POST.
	 */
	Map<String, Object> response(String path, String status) {
		return JsonPath.read(this.json, "$.paths['%s'].post.responses['%s']".formatted(path, status));
	}

	/**
	 * Returns the names of the header fields of a refusal of {@code POST /orders}.
	 */
	Set<String> headers() {
		return ((Map<?, ?>) response("429").getOrDefault("headers", Map.of())).keySet()
			.stream()
			.map(String::valueOf)
			.collect(Collectors.toSet());
	}

	/**
	 * Returns the type of a header field of a refusal of {@code POST /orders}.
	 */
	String typeOfHeader(String name) {
		return JsonPath.read(response("429"), "$.headers.%s.schema.type".formatted(name));
	}

	/**
	 * Returns the schema of the body of a refusal of {@code POST /orders}.
	 */
	String schema() {
		return JsonPath.read(response("429"), "$.content['application/problem+json'].schema['$ref']");
	}

	/**
	 * Returns the properties of the schema of refusals.
	 */
	Map<String, Map<String, Object>> properties() {
		return JsonPath.read(this.json, "$.components.schemas.RateLimitProblem.properties");
	}

	@Override
	public String toString() {
		return this.json;
	}

}
