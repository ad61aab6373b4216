package io.ratelimit.spring.web.servlet;

import java.util.function.Predicate;

import io.ratelimit.spring.request.LimitedRequest;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;
import org.springframework.web.cors.CorsUtils;

/**
 * Distinguishes requests that are answered as CORS preflights from those that merely look
 * like one. Only the former do no work that a limit is to bound.
 */
/*
 * A browser sends a preflight without credentials. It is answered by a CorsFilter, or by
 * Spring MVC in place of the handler; and before it comes to Spring MVC, by Spring
 * Security, which checks a password that comes with it unless it has a CorsFilter too.
 */
final class Preflights implements Predicate<LimitedRequest> {

	private final Predicate<HttpServletRequest> passesSecurity;

	/**
	 * Creates the object.
	 * @param passesSecurity whether Spring Security answers a preflight as one, or is not
	 * there
	 */
	Preflights(Predicate<HttpServletRequest> passesSecurity) {
		this.passesSecurity = passesSecurity;
	}

	@Override
	public boolean test(LimitedRequest request) {
		return request.method().equals("OPTIONS") && request.header(HttpHeaders.ORIGIN) != null
				&& isAnswered(request.unwrap(HttpServletRequest.class));
	}

	private boolean isAnswered(HttpServletRequest request) {
		return CorsUtils.isPreFlightRequest(request)
				&& StringUtils.hasText(request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD))
				&& request.getHeader(HttpHeaders.AUTHORIZATION) == null
				&& request.getHeader(HttpHeaders.PROXY_AUTHORIZATION) == null
				&& request.getHeader(HttpHeaders.COOKIE) == null && this.passesSecurity.test(request)
				&& (ServedBy.spring(request, request.getHttpServletMapping()) || ServedBy.corsFilter(request));
	}

}
