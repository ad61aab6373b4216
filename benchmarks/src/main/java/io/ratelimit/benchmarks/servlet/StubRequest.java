package io.ratelimit.benchmarks.servlet;

import java.util.HashMap;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.mock.web.MockHttpServletRequest;

/**
 * A request that can be sent again and again. Used by one thread.
 */
final class StubRequest extends HttpServletRequestWrapper {

	private final Map<String, Object> attributes = new HashMap<>();

	StubRequest(String path) {
		super(request(path));
	}

	private static HttpServletRequest request(String path) {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
		request.addHeader("Host", "localhost");
		request.addHeader("Accept", "*/*");
		return request;
	}

	/**
	 * Makes it a new request.
	 */
	StubRequest again() {
		this.attributes.clear();
		return this;
	}

	@Override
	public @Nullable Object getAttribute(String name) {
		return this.attributes.get(name);
	}

	@Override
	public void setAttribute(String name, @Nullable Object value) {
		if (value == null) {
			this.attributes.remove(name);
		}
		else {
			this.attributes.put(name, value);
		}
	}

	@Override
	public void removeAttribute(String name) {
		this.attributes.remove(name);
	}

}
