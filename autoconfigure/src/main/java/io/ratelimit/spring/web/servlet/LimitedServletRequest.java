package io.ratelimit.spring.web.servlet;

import java.security.Principal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

import io.ratelimit.spring.request.LimitedRequest;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.WebUtils;

/**
 * A request to a servlet. Used by the thread of the request.
 */
final class LimitedServletRequest implements LimitedRequest {

	private final HttpServletRequest request;

	private final Function<LimitedRequest, String> addresses;

	private @Nullable String clientAddress;

	/**
	 * Creates a view of a request.
	 * @param addresses the rules by which addresses of clients are found
	 */
	LimitedServletRequest(HttpServletRequest request, Function<LimitedRequest, String> addresses) {
		this.request = request;
		this.addresses = addresses;
	}

	/**
	 * Returns a view whose parameters can be read without consuming the body: this one,
	 * if the request has no form or has been wrapped already.
	 */
	LimitedServletRequest withForm() {
		HttpServletRequest readable = FormRequest.of(this.request);
		return (readable instanceof FormRequest && !(this.request instanceof FormRequest))
				? new LimitedServletRequest(readable, this.addresses) : this;
	}

	/**
	 * Returns the request as a form, or {@code null} if it has none, or none that can be
	 * read twice yet.
	 */
	@Nullable FormRequest form() {
		return (this.request instanceof FormRequest form) ? form : null;
	}

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
		return this.request instanceof FormRequest form && form.isTooLarge();
	}

	@Override
	public @Nullable String remoteAddress() {
		return this.request.getRemoteAddr();
	}

	@Override
	public String clientAddress() {
		String address = this.clientAddress;
		if (address == null) {
			address = this.addresses.apply(this);
			this.clientAddress = address;
		}
		return address;
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
		if (type.isInstance(this.request)) {
			return type.cast(this.request);
		}
		T wrapped = WebUtils.getNativeRequest(this.request, type);
		if (wrapped == null) {
			throw new IllegalArgumentException("this is a request to a servlet, and no " + type.getName());
		}
		return wrapped;
	}

	@Override
	public String toString() {
		return this.request.toString();
	}

}
