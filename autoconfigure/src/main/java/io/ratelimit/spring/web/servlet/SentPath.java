package io.ratelimit.spring.web.servlet;

import java.nio.charset.StandardCharsets;

import io.ratelimit.spring.request.PathReadings;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriUtils;

/**
 * A path of no request, divided as a container would divide it.
 *
 * @param uri the path with the context path
 * @param contextPath the context path
 * @param servletPath the resolved path behind it, up to what the servlet is mapped to
 * @param pathInfo the rest of the resolved path
 * @param prefix the part of the servlet path that handlers need not name
 * @param spring whether a servlet of Spring's serves it
 */
record SentPath(String uri, String contextPath, String servletPath, String pathInfo, String prefix, boolean spring) {

	private static final int DEFAULT = 1;

	private static final int EXTENSION = 2;

	private static final int LEAST_PREFIX = 3;

	/**
	 * Divides a path.
	 * @param path the path as it would be sent, with or without the context path
	 */
	static SentPath of(String path, ServletContext context) {
		String contextPath = context.getContextPath();
		String uri = (path.equals(contextPath) || path.startsWith(contextPath + "/")) ? path : contextPath + path;
		String resolved = resolved(uri.substring(contextPath.length()));
		String mapping = mapping(resolved, context);
		boolean spring = mapping != null && isSpring(mapping, context);
		if (mapping == null || !mapping.endsWith("/*")) {
			return new SentPath(uri, contextPath, resolved, "", "", spring);
		}
		String base = mapping.substring(0, mapping.length() - 2);
		String rest = resolved.substring(base.length());
		return new SentPath(uri, contextPath, base, rest, (spring && !rest.isEmpty()) ? base : "", spring);
	}

	PathReadings readings() {
		return new PathReadings(this.uri, this.contextPath, this.servletPath, this.pathInfo, this.prefix, false);
	}

	/**
	 * Returns the path as Spring MVC looks for a handler of it.
	 */
	PathContainer withinServlet() {
		return RequestPath.parse(this.uri, this.contextPath + this.prefix).pathWithinApplication();
	}

	private static String resolved(String path) {
		String plain = path.replaceAll(";[^/]*", "").replaceAll("/{2,}", "/");
		String decoded = UriUtils.decode(plain, StandardCharsets.UTF_8);
		return StringUtils.cleanPath(decoded.isEmpty() ? "/" : decoded);
	}

	/**
	 * Returns the mapping of the servlet that serves a path: the exact one, else the
	 * longest prefix, else an extension, else the default.
	 */
	private static @Nullable String mapping(String path, ServletContext context) {
		String found = null;
		for (ServletRegistration registration : context.getServletRegistrations().values()) {
			for (String mapping : registration.getMappings()) {
				if (rank(mapping, path) > ((found != null) ? rank(found, path) : 0)) {
					found = mapping;
				}
			}
		}
		return found;
	}

	private static int rank(String mapping, String path) {
		if (mapping.equals(path) && !mapping.equals("/")) {
			return Integer.MAX_VALUE;
		}
		if (mapping.endsWith("/*")) {
			String base = mapping.substring(0, mapping.length() - 2);
			return (path + "/").startsWith(base + "/") ? LEAST_PREFIX + base.length() : 0;
		}
		if (mapping.startsWith("*.")) {
			return path.endsWith(mapping.substring(1)) ? EXTENSION : 0;
		}
		return mapping.equals("/") ? DEFAULT : 0;
	}

	private static boolean isSpring(String mapping, ServletContext context) {
		for (ServletRegistration registration : context.getServletRegistrations().values()) {
			if (registration.getMappings().contains(mapping)) {
				return ServedBy.isDispatcher(registration.getClassName(), context.getClassLoader());
			}
		}
		return false;
	}

}
