package io.ratelimit.spring.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Writes a refusal as problem details (RFC 9457).
 */
public final class ProblemRefusalHandler implements RefusalHandler {

	private final ProblemDetails details = new ProblemDetails();

	@Override
	public void handle(Refusal refusal, HttpServletRequest request, HttpServletResponse response) throws IOException {
		byte[] body = this.details.json(refusal, request.getRequestURI()).getBytes(StandardCharsets.UTF_8);
		response.setContentType(ProblemDetails.TYPE);
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

}
