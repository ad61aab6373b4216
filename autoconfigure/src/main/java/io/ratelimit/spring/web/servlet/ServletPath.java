package io.ratelimit.spring.web.servlet;

import io.ratelimit.spring.request.PathReadings;
import io.ratelimit.spring.request.RequestRules;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request to a servlet, or of what is included in its response.
 */
final class ServletPath {

	private static final String OWN_SERVER = ServletPath.class.getName() + ".OWN_SERVER";

	private ServletPath() {
	}

	/**
	 * Marks the server of the application, so that another one can be told from it that
	 * is there for management endpoints.
	 * @param context the context of the application's own servlets
	 */
	static void markOwnServer(ServletContext context) {
		context.setAttribute(OWN_SERVER, true);
	}

	/**
	 * Returns whether a request has come to the server of the management endpoints.
	 */
	static boolean isOnOtherServer(HttpServletRequest request, RequestRules rules) {
		return rules.haveOtherServer() && request.getServletContext().getAttribute(OWN_SERVER) == null;
	}

	/**
	 * Returns whether a filter has given the request another method or path, or the
	 * container has dispatched it to another one.
	 */
	static boolean isRewritten(HttpServletRequest request) {
		ServletRequest sent = request;
		while (sent instanceof ServletRequestWrapper wrapper) {
			sent = wrapper.getRequest();
		}
		return sent != request && sent instanceof HttpServletRequest original
				&& !(original.getMethod().equals(request.getMethod())
						&& original.getRequestURI().equals(request.getRequestURI()));
	}

	static PathReadings of(HttpServletRequest request, RequestRules rules) {
		boolean included = request.getDispatcherType() == DispatcherType.INCLUDE;
		String uri = text(included ? attribute(request, RequestDispatcher.INCLUDE_REQUEST_URI) : null,
				request.getRequestURI());
		String contextPath = text(included ? attribute(request, RequestDispatcher.INCLUDE_CONTEXT_PATH) : null,
				request.getContextPath());
		String servletPath = text(included ? attribute(request, RequestDispatcher.INCLUDE_SERVLET_PATH) : null,
				request.getServletPath());
		String pathInfo = text(pathInfo(request, included), "");
		String prefix = pathInfo.isEmpty() ? "" : prefix(request, included, servletPath);
		return new PathReadings(uri, contextPath, servletPath, pathInfo, prefix, isOnOtherServer(request, rules));
	}

	private static String prefix(HttpServletRequest request, boolean included, String servletPath) {
		HttpServletMapping mapping = included
				? (HttpServletMapping) request.getAttribute(RequestDispatcher.INCLUDE_MAPPING) : null;
		mapping = (mapping != null) ? mapping : request.getHttpServletMapping();
		if (mapping.getMappingMatch() != MappingMatch.PATH || servletPath.isEmpty()
				|| !ServedBy.spring(request, mapping)) {
			return "";
		}
		return servletPath.endsWith("/") ? servletPath.substring(0, servletPath.length() - 1) : servletPath;
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

}
