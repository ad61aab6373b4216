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
			members.add("type", refusal.type());
			members.add("title", refusal.title());
			members.add("status", refusal.status());
			members.add("detail", refusal.detail());
			members.add("instance", request.getRequestURI());
			members.add("violated-policies", refusal.violatedPolicies());
		});
		byte[] body = writer.writeToString(refusal).getBytes(StandardCharsets.UTF_8);
		response.setContentType("application/problem+json");
		response.setContentLength(body.length);
		if (!request.getMethod().equals("HEAD")) {
			response.getOutputStream().write(body);
		}
	}

}
