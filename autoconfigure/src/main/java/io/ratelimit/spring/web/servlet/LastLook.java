package io.ratelimit.spring.web.servlet;

import java.io.IOException;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Looks at requests once more where Spring MVC hands them to a handler, with the method
 * and the path that it has found it by: a filter may have changed both.
 */
final class LastLook implements HandlerInterceptor {

	private final RequestGate gate;

	/**
	 * Creates the look.
	 * @param gate charges requests
	 */
	LastLook(RequestGate gate) {
		this.gate = gate;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws IOException {
		if (this.gate.guardsNothing() || request.getDispatcherType() == DispatcherType.ERROR) {
			return true;
		}
		return this.gate.pass(pattern(request), isEndpoint(handler), request, response);
	}

	/**
	 * Returns whether a handler is one of Spring Boot's, or the page of our endpoint.
	 */
	private static boolean isEndpoint(Object handler) {
		String type = (handler instanceof HandlerMethod method) ? method.getBeanType().getName()
				: handler.getClass().getName();
		return type.startsWith("org.springframework.boot.") || type.startsWith("io.ratelimit.spring.");
	}

	private static @Nullable String pattern(HttpServletRequest request) {
		Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		return (pattern != null) ? pattern.toString() : null;
	}

}
