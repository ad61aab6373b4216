package io.ratelimit.spring.web;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.PathContainer;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriUtils;

/**
 * The path of a request in all its forms: whole, and within a servlet of Spring's that is
 * mapped to a prefix; and each of them as Spring MVC reads it, as the container does, and
 * with everything decoded and resolved, as who serves files does. A limit guards a path
 * that matches in any form; what is exempt has to match however it is read.
 */
final class RequestPath {

	private final HttpServletRequest request;

	private final String uri;

	private final String contextPath;

	private final String servletPath;

	private final String pathInfo;

	private final String prefix;

	private final boolean plain;

	private final Reading whole;

	private final @Nullable Reading within;

	/**
	 * Creates the path of a request.
	 * @param request the request, or what is included in its response
	 */
	RequestPath(HttpServletRequest request) {
		this.request = request;
		boolean included = request.getDispatcherType() == DispatcherType.INCLUDE;
		this.uri = text(included ? attribute(request, RequestDispatcher.INCLUDE_REQUEST_URI) : null,
				request.getRequestURI());
		this.contextPath = text(included ? attribute(request, RequestDispatcher.INCLUDE_CONTEXT_PATH) : null,
				request.getContextPath());
		this.servletPath = text(included ? attribute(request, RequestDispatcher.INCLUDE_SERVLET_PATH) : null,
				request.getServletPath());
		this.pathInfo = text(pathInfo(request, included), "");
		this.prefix = prefix(request, included);
		this.plain = isPlain(this.uri);
		this.whole = new Reading("");
		this.within = this.prefix.isEmpty() ? null : new Reading(this.prefix);
	}

	/**
	 * Returns the variables of the path if a pattern guards it.
	 * @return the variables, or {@code null} if the pattern does not guard the path
	 */
	@Nullable Map<String, String> match(GuardedPath guarded) {
		Map<String, String> match = this.whole.match(guarded);
		return (match == null && this.within != null) ? this.within.match(guarded) : match;
	}

	/**
	 * Returns whether one of some patterns matches, however the path is read.
	 */
	boolean isExempt(GuardedPath[] except) {
		return except.length > 0
				&& (this.whole.isExempt(except) || (this.within != null && this.within.isExempt(except)));
	}

	/**
	 * Returns whether the path is that of a management endpoint, however it is read, or
	 * on the server of the management endpoints.
	 */
	boolean isManagement(PathMatching matching) {
		return matching.isElsewhere(this.request) || (matching.mayBeManagement(this.uri)
				&& (this.whole.isManagement(matching) || (this.within != null && this.within.isManagement(matching))));
	}

	/**
	 * Returns the path as it was sent.
	 */
	String uri() {
		return this.uri;
	}

	private static @Nullable String pathInfo(HttpServletRequest request, boolean included) {
		return included ? attribute(request, RequestDispatcher.INCLUDE_PATH_INFO) : request.getPathInfo();
	}

	private static @Nullable String attribute(HttpServletRequest request, String name) {
		return (String) request.getAttribute(name);
	}

	private static String text(@Nullable String text, @Nullable String otherwise) {
		return (text != null) ? text : (otherwise != null) ? otherwise : "";
	}

	private String prefix(HttpServletRequest request, boolean included) {
		if (this.pathInfo.isEmpty()) {
			return ""; // nothing lies within the servlet
		}
		HttpServletMapping mapping = included
				? (HttpServletMapping) request.getAttribute(RequestDispatcher.INCLUDE_MAPPING) : null;
		mapping = (mapping != null) ? mapping : request.getHttpServletMapping();
		if (mapping.getMappingMatch() != MappingMatch.PATH || this.servletPath.isEmpty()
				|| !ServedBy.spring(request, mapping)) {
			return "";
		}
		return this.servletPath.endsWith("/") ? this.servletPath.substring(0, this.servletPath.length() - 1)
				: this.servletPath;
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

	/**
	 * The path behind a prefix.
	 */
	private final class Reading {

		private final String servletPrefix;

		private @Nullable PathContainer sent;

		private boolean unreadable;

		private @Nullable PathContainer resolved;

		private @Nullable PathContainer cleaned;

		private Reading(String servletPrefix) {
			this.servletPrefix = servletPrefix;
		}

		@Nullable Map<String, String> match(GuardedPath guarded) {
			if (!couldMatch(guarded)) {
				return null;
			}
			PathContainer sent = sent();
			Map<String, String> match = (sent != null) ? guarded.match(sent) : null;
			if (match == null && (!RequestPath.this.plain || sent == null)) {
				match = guarded.match(resolved());
				match = (match == null) ? guarded.match(cleaned()) : match;
			}
			return match;
		}

		boolean isExempt(GuardedPath[] except) {
			if (!couldMatch(except)) {
				return false;
			}
			PathContainer sent = sent();
			return sent != null && isExempt(except, sent)
					&& (RequestPath.this.plain || (isExempt(except, resolved()) && isExempt(except, cleaned())));
		}

		boolean isManagement(PathMatching matching) {
			PathContainer sent = sent();
			return sent != null && matching.isManagement(sent.value()) && (RequestPath.this.plain
					|| (matching.isManagement(resolved().value()) && matching.isManagement(cleaned().value())));
		}

		/**
		 * Returns, without parsing anything, whether a path that is written in the
		 * plainest way begins as a pattern does.
		 */
		private boolean couldMatch(GuardedPath... guarded) {
			if (!RequestPath.this.plain) {
				return true;
			}
			int start = RequestPath.this.contextPath.length() + this.servletPrefix.length();
			for (GuardedPath each : guarded) {
				if (each.couldMatch(RequestPath.this.uri, start)) {
					return true;
				}
			}
			return false;
		}

		private static boolean isExempt(GuardedPath[] except, PathContainer path) {
			for (GuardedPath each : except) {
				if (each.exempts(path)) {
					return true;
				}
			}
			return false;
		}

		/**
		 * Returns the path as it was sent, or {@code null} if Spring cannot read it.
		 */
		private @Nullable PathContainer sent() {
			if (this.sent == null && !this.unreadable) {
				try {
					this.sent = org.springframework.http.server.RequestPath
						.parse(RequestPath.this.uri, RequestPath.this.contextPath + encoded(this.servletPrefix))
						.pathWithinApplication();
				}
				catch (IllegalArgumentException ex) {
					this.unreadable = true;
				}
			}
			return this.sent;
		}

		private PathContainer resolved() {
			PathContainer resolved = this.resolved;
			if (resolved == null) {
				String path = this.servletPrefix.isEmpty() ? RequestPath.this.servletPath + RequestPath.this.pathInfo
						: RequestPath.this.pathInfo;
				resolved = PathContainer.parsePath(encoded(singleSlashes(path)));
				this.resolved = resolved;
			}
			return resolved;
		}

		/**
		 * Returns the path as it was sent, decoded and resolved. A container may leave
		 * that to whom it serves.
		 */
		private PathContainer cleaned() {
			PathContainer cleaned = this.cleaned;
			if (cleaned == null) {
				String path = StringUtils.cleanPath(singleSlashes(decoded(RequestPath.this.uri).replace('\\', '/')));
				while (path.startsWith("/..") || path.startsWith("../")) {
					path = path.substring(3);
				}
				path = path.startsWith("/") ? path : "/" + path;
				String prefix = RequestPath.this.contextPath + this.servletPrefix;
				cleaned = PathContainer
					.parsePath(encoded(path.startsWith(prefix) ? path.substring(prefix.length()) : path));
				this.cleaned = cleaned;
			}
			return cleaned;
		}

		private static String decoded(String uri) {
			String path = uri.replaceAll(";[^/]*", "");
			try {
				return UriUtils.decode(path, StandardCharsets.UTF_8);
			}
			catch (IllegalArgumentException ex) {
				return path;
			}
		}

		private static String encoded(String path) {
			return path.isEmpty() ? path : UriUtils.encodePath(path, StandardCharsets.UTF_8);
		}

		private static String singleSlashes(String path) {
			return path.contains("//") ? path.replaceAll("/{2,}", "/") : path;
		}

	}

}
