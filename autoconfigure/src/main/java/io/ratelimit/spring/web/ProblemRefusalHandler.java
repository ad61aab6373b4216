package io.ratelimit.spring.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.json.JsonWriter;

/**
 * Writes a refusal as problem details (RFC 9457).
 */
public final class ProblemRefusalHandler implements RefusalHandler {

	@Override
	public void handle(Refusal refusal, HttpServletRequest request, HttpServletResponse response) throws IOException {
		JsonWriter<Refusal> writer = JsonWriter.of((members) -> {
			members.add("type", Refusal::type);
			members.add("title", Refusal::title);
			members.add("status", Refusal::status);
			members.add("detail", Refusal::detail);
			members.add("instance", request.getRequestURI());
			members.add("violated-policies", Refusal::violatedPolicies);
		});
		byte[] body = writer.write(refusal).toByteArray(StandardCharsets.UTF_8);
		response.setContentType("application/problem+json");
		response.setContentLength(body.length);
		if (!request.getMethod().equals("HEAD")) {
			response.getOutputStream().write(body);
		}
	}

}
