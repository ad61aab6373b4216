package io.ratelimit.spring.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.json.JsonWriter;

/**
 * Writes a refusal as problem details (RFC 9457).
 */
public final class ProblemRefusalHandler implements RefusalHandler {

	private static final int LENGTH = 256;

	// of maps, because what extracts members has another type in Spring Boot 3.5
	private final JsonWriter<Map<String, Object>> writer = JsonWriter.standard();

	@Override
	public void handle(Refusal refusal, HttpServletRequest request, HttpServletResponse response) throws IOException {
		Map<String, Object> problem = new LinkedHashMap<>();
		problem.put("type", refusal.type());
		problem.put("title", refusal.title());
		problem.put("status", refusal.status());
		problem.put("detail", refusal.detail());
		problem.put("instance", instance(request.getRequestURI()));
		problem.put("violated-policies", refusal.violatedPolicies());
		StringBuilder json = new StringBuilder(LENGTH);
		this.writer.write(problem, json);
		byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
		response.setContentType("application/problem+json");
		response.setContentLength(body.length);
		if (!request.getMethod().equals("HEAD")) {
			write(body, response);
		}
	}

	private static void write(byte[] body, HttpServletResponse response) throws IOException {
		OutputStream stream;
		try {
			stream = response.getOutputStream();
		}
		catch (IllegalStateException ex) {
			// somebody has begun to write characters
			response.getWriter().write(new String(body, StandardCharsets.UTF_8));
			return;
		}
		stream.write(body);
	}

	/**
	 * Returns the path with one slash at its beginning: with two it would name another
	 * host.
	 */
	private static String instance(String uri) {
		int start = 0;
		while (start < uri.length() && (uri.charAt(start) == '/' || uri.charAt(start) == '\\')) {
			start++;
		}
		return "/" + uri.substring(start);
	}

}
