package io.ratelimit.spring.request;

import java.security.Principal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.util.WebUtils;

/**
 * A request as a test has made it.
 */
record GivenRequest(MockHttpServletRequest request) implements LimitedRequest {

	@Override
	public String method() {
		return this.request.getMethod();
	}

	@Override
	public String path() {
		return this.request.getRequestURI();
	}

	@Override
	public @Nullable String header(String name) {
		return this.request.getHeader(name);
	}

	@Override
	public List<String> headers(String name) {
		return Collections.list(this.request.getHeaders(name));
	}

	@Override
	public List<String> headerNames() {
		return Collections.list(this.request.getHeaderNames());
	}

	@Override
	public @Nullable String cookie(String name) {
		Cookie cookie = WebUtils.getCookie(this.request, name);
		return (cookie != null) ? cookie.getValue() : null;
	}

	@Override
	public List<String> parameters(String name) {
		String[] values = this.request.getParameterValues(name);
		return (values != null) ? Arrays.asList(values) : List.of();
	}

	@Override
	public boolean isFormTooLarge() {
		return false;
	}

	@Override
	public @Nullable String remoteAddress() {
		return this.request.getRemoteAddr();
	}

	@Override
	public String clientAddress() {
		return String.valueOf(remoteAddress());
	}

	@Override
	public @Nullable Principal principal() {
		return this.request.getUserPrincipal();
	}

	@Override
	public @Nullable String sessionId() {
		HttpSession session = this.request.getSession(false);
		return (session != null) ? session.getId() : null;
	}

	@Override
	public <T> T unwrap(Class<T> type) {
		return type.cast(this.request);
	}

	/**
	 * Returns how clients of such requests are known.
	 */
	static KeySettings settings() {
		return new KeySettings(new KeyHash(new byte[16], false), false, new Subnet(32, 64), new Subnet(24, 48), false,
				HttpServletRequest.class);
	}

}
