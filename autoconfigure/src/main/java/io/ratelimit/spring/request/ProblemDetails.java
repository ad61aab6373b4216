package io.ratelimit.spring.request;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.json.JsonWriter;

/**
 * Refusals as problem details (RFC 9457). Safe for use by many threads.
 */
final class ProblemDetails {

	static final String TYPE = "application/problem+json";

	// of maps, because what extracts members has another type in Spring Boot 3.5
	private static final JsonWriter<Map<String, Object>> writer = JsonWriter.standard();

	private ProblemDetails() {
	}

	/**
	 * Returns the JSON of a refusal.
	 * @param path path of the request
	 */
	static String json(Refusal refusal, String path) {
		Map<String, Object> problem = new LinkedHashMap<>();
		problem.put("type", refusal.type());
		problem.put("title", refusal.title());
		problem.put("status", refusal.status());
		problem.put("detail", refusal.detail());
		problem.put("instance", instance(path));
		problem.put("violated-policies", refusal.violatedPolicies());
		return writer.writeToString(problem);
	}

	/**
	 * Returns the path with one slash at its beginning: with two it would name another
	 * host.
	 */
	private static String instance(String path) {
		int start = 0;
		while (start < path.length() && (path.charAt(start) == '/' || path.charAt(start) == '\\')) {
			start++;
		}
		return "/" + path.substring(start);
	}

}
