package io.ratelimit.spring.web.servlet;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.util.ClassUtils;

/**
 * Which servlets are Spring's, and whether a filter of Spring's answers preflights before
 * any servlet.
 */
final class ServedBy {

	private static final String DISPATCHER_SERVLET = "org.springframework.web.servlet.DispatcherServlet";

	private static final String CORS_FILTER = "org.springframework.web.filter.CorsFilter";

	private static final String ATTRIBUTE = ServedBy.class.getName();

	private ServedBy() {
	}

	/**
	 * Returns whether a request is served by a {@code DispatcherServlet}.
	 * @param mapping the mapping that chose the servlet
	 */
	static boolean spring(HttpServletRequest request, HttpServletMapping mapping) {
		String servlet = mapping.getServletName();
		ServletContext context = request.getServletContext();
		Map<String, Boolean> known = known(context);
		Boolean spring = known.get(servlet);
		if (spring == null) {
			ServletRegistration registration = context.getServletRegistration(servlet);
			// no registration: not a real container, but a test of Spring MVC without one
			spring = registration == null || isDispatcher(registration.getClassName(), context.getClassLoader());
			known.put(servlet, spring);
		}
		return spring;
	}

	/**
	 * Returns whether every preflight that passes the other filters is answered by a
	 * {@code CorsFilter}, which lets none of them go on.
	 */
	static boolean corsFilter(HttpServletRequest request) {
		ServletContext context = request.getServletContext();
		return known(context).computeIfAbsent(CORS_FILTER,
				(className) -> context.getFilterRegistrations()
					.values()
					.stream()
					.anyMatch((filter) -> className.equals(filter.getClassName())
							&& filter.getUrlPatternMappings().contains("/*")));
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Boolean> known(ServletContext context) {
		Map<String, Boolean> known = (Map<String, Boolean>) context.getAttribute(ATTRIBUTE);
		if (known == null) {
			known = new ConcurrentHashMap<>();
			context.setAttribute(ATTRIBUTE, known);
		}
		return known;
	}

	/**
	 * Returns whether a servlet is Spring's.
	 */
	static boolean isDispatcher(String className, ClassLoader loader) {
		if (className == null) {
			return false;
		}
		if (className.equals(DISPATCHER_SERVLET)) {
			return true;
		}
		try {
			for (Class<?> type = ClassUtils.forName(className, loader); type != null; type = type.getSuperclass()) {
				if (type.getName().equals(DISPATCHER_SERVLET)) {
					return true;
				}
			}
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
		return false;
	}

}
