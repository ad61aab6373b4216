package io.ratelimit.spring.web.servlet;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import io.ratelimit.spring.request.LimitedResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.util.WebUtils;

/**
 * The response of a servlet.
 */
final class LimitedServletResponse implements LimitedResponse {

	private final HttpServletRequest request;

	private final HttpServletResponse response;

	/**
	 * Creates a view of a response.
	 * @param request the request that it answers
	 */
	LimitedServletResponse(HttpServletRequest request, HttpServletResponse response) {
		this.request = request;
		this.response = response;
	}

	@Override
	public void setHeader(String name, String value) {
		this.response.setHeader(name, value);
	}

	@Override
	public void write(String contentType, byte[] body) throws IOException {
		this.response.setContentType(contentType);
		this.response.setContentLength(body.length);
		if (!this.request.getMethod().equals("HEAD")) {
			write(body);
		}
	}

	private void write(byte[] body) throws IOException {
		OutputStream stream;
		try {
			stream = this.response.getOutputStream();
		}
		catch (IllegalStateException ex) {
			// the response is being written as characters
			this.response.getWriter().write(new String(body, StandardCharsets.UTF_8));
			return;
		}
		stream.write(body);
	}

	@Override
	public <T> T unwrap(Class<T> type) {
		if (type.isInstance(this.response)) {
			return type.cast(this.response);
		}
		T wrapped = WebUtils.getNativeResponse(this.response, type);
		if (wrapped == null) {
			throw new IllegalArgumentException("this is the response of a servlet, and no " + type.getName());
		}
		return wrapped;
	}

}
