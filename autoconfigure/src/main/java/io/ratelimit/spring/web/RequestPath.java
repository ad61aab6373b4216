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

	private final HttpServletRequest request;

	private final String uri;

	private final boolean plain;

	private @Nullable PathContainer path;

	private @Nullable PathContainer normalized;

	RequestPath(HttpServletRequest request) {
		this.request = request;
		this.uri = request.getRequestURI();
		this.plain = isPlain(this.uri);
	}

	boolean matches(GuardedPath guarded) {
		return couldMatch(guarded)
				&& (guarded.pattern().matches(path()) || (!this.plain && guarded.pattern().matches(normalized())));
	}

	PathPattern.@Nullable PathMatchInfo match(GuardedPath guarded) {
		if (!couldMatch(guarded)) {
			return null;
		}
		PathPattern.PathMatchInfo match = guarded.pattern().matchAndExtract(path());
		return (match == null && !this.plain) ? guarded.pattern().matchAndExtract(normalized()) : match;
	}

	/**
	 * Tells, without parsing anything, whether a path that is written in the plainest way
	 * begins as the pattern does.
	 */
	private boolean couldMatch(GuardedPath guarded) {
		return !this.plain || this.uri.startsWith(guarded.prefix(), this.request.getContextPath().length());
	}

	private PathContainer path() {
		PathContainer path = this.path;
		if (path == null) {
			path = org.springframework.http.server.RequestPath.parse(this.uri, this.request.getContextPath())
				.pathWithinApplication();
			this.path = path;
		}
		return path;
	}

	private PathContainer normalized() {
		PathContainer normalized = this.normalized;
		if (normalized == null) {
			normalized = normalize(this.request);
			this.normalized = normalized;
		}
		return normalized;
	}

	private static boolean isPlain(String uri) {
		for (int i = 0; i < uri.length(); i++) {
			char character = uri.charAt(i);
			boolean afterSlash = i > 0 && uri.charAt(i - 1) == '/';
			if (character == '\\' || character == '%' || character == ';'
					|| (afterSlash && (character == '/' || character == '.'))) {
				return false;
			}
		}
		return true;
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
