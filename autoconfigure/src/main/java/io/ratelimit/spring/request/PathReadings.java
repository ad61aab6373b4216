package io.ratelimit.spring.request;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriUtils;

/**
 * The path of a request in all its forms: whole, and within a servlet of Spring's that is
 * mapped to a prefix; and each of them as Spring MVC reads it, as the container does, and
 * with everything decoded and resolved, as who serves files does. A limit guards a path
 * that matches in any form; what is exempt has to match however it is read.
 */
public final class PathReadings {

	private final String uri;

	private final String contextPath;

	private final String servletPath;

	private final String pathInfo;

	private final boolean otherServer;

	private final boolean plain;

	private final Reading whole;

	private final @Nullable Reading within;

	/**
	 * Creates the path of a request.
	 * @param uri the path as it was sent
	 * @param contextPath the part of it that names the application, decoded or not
	 * @param servletPath the path behind that as the server has resolved it, up to the
	 * part that its servlet is mapped to, if it is served by one
	 * @param pathInfo the rest of the resolved path
	 * @param prefix the part of the servlet path that handlers need not name; empty if
	 * there is none
	 * @param otherServer whether the request has come to a server of the management
	 * endpoints
	 */
	public PathReadings(String uri, String contextPath, String servletPath, String pathInfo, String prefix,
			boolean otherServer) {
		this.uri = uri;
		this.contextPath = contextPath;
		this.servletPath = servletPath;
		this.pathInfo = pathInfo;
		this.otherServer = otherServer;
		this.plain = isPlain(uri);
		this.whole = new Reading("");
		this.within = prefix.isEmpty() ? null : new Reading(prefix);
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
		return this.otherServer || (matching.mayBeManagement(this.uri)
				&& (this.whole.isManagement(matching) || (this.within != null && this.within.isManagement(matching))));
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
			if (match == null && (!PathReadings.this.plain || sent == null)) {
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
					&& (PathReadings.this.plain || (isExempt(except, resolved()) && isExempt(except, cleaned())));
		}

		boolean isManagement(PathMatching matching) {
			PathContainer sent = sent();
			return sent != null && matching.isManagement(sent.value()) && (PathReadings.this.plain
					|| (matching.isManagement(resolved().value()) && matching.isManagement(cleaned().value())));
		}

		/**
		 * Returns, without parsing anything, whether a path that is written in the
		 * plainest way begins as a pattern does.
		 */
		private boolean couldMatch(GuardedPath... guarded) {
			if (!PathReadings.this.plain) {
				return true;
			}
			int start = PathReadings.this.contextPath.length() + this.servletPrefix.length();
			for (GuardedPath each : guarded) {
				if (each.couldMatch(PathReadings.this.uri, start)) {
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
					this.sent = RequestPath
						.parse(PathReadings.this.uri, PathReadings.this.contextPath + encoded(this.servletPrefix))
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
				String path = this.servletPrefix.isEmpty() ? PathReadings.this.servletPath + PathReadings.this.pathInfo
						: PathReadings.this.pathInfo;
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
				String path = StringUtils.cleanPath(singleSlashes(decoded(PathReadings.this.uri).replace('\\', '/')));
				while (path.startsWith("/..") || path.startsWith("../")) {
					path = path.substring(3);
				}
				path = path.startsWith("/") ? path : "/" + path;
				String prefix = PathReadings.this.contextPath + this.servletPrefix;
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
