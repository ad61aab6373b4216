package io.ratelimit.spring.web;

import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.PathContainer;
import org.springframework.web.util.UriUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * The path of a request as Spring MVC sees it and, where the two differ, as the container
 * does: with dots and doubled slashes resolved. A pattern that matches either one
 * matches.
 */
final class RequestPath {

	private final PathContainer path;

	private final @Nullable PathContainer normalized;

	RequestPath(HttpServletRequest request) {
		String uri = request.getRequestURI();
		this.path = org.springframework.http.server.RequestPath.parse(uri, request.getContextPath())
			.pathWithinApplication();
		this.normalized = canBeNormalized(uri) ? normalize(request) : null;
	}

	boolean matches(PathPattern pattern) {
		return pattern.matches(this.path) || (this.normalized != null && pattern.matches(this.normalized));
	}

	PathPattern.@Nullable PathMatchInfo match(PathPattern pattern) {
		PathPattern.PathMatchInfo match = pattern.matchAndExtract(this.path);
		return (match == null && this.normalized != null) ? pattern.matchAndExtract(this.normalized) : match;
	}

	private static boolean canBeNormalized(String uri) {
		for (int i = 0; i < uri.length(); i++) {
			char character = uri.charAt(i);
			if (character == '\\' || character == '%' || character == '.'
					|| (character == '/' && i + 1 < uri.length() && uri.charAt(i + 1) == '/')) {
				return true;
			}
		}
		return false;
	}

	private static PathContainer normalize(HttpServletRequest request) {
		String servletPath = request.getServletPath();
		String pathInfo = request.getPathInfo();
		String path = (pathInfo != null) ? servletPath + pathInfo : servletPath;
		while (path.contains("//")) {
			path = path.replace("//", "/");
		}
		return PathContainer.parsePath(UriUtils.encodePath(path, StandardCharsets.UTF_8));
	}

}
