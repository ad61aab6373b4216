package io.ratelimit.spring.web.servlet;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.LimitedResponse;
import io.ratelimit.spring.request.Refusal;
import io.ratelimit.spring.request.RefusalHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.boot.autoconfigure.template.TemplateAvailabilityProviders;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.http.HttpStatus;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.ViewResolver;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * The application's own error page for the status of a refusal, found as Spring Boot
 * finds it: {@code error/429}, {@code error/4xx} or {@code error}. Where there is none,
 * another page is written.
 */
/*
 * The page is rendered here. An error that is sent, or a forward to Spring Boot's own
 * controller, would have to pass security once more, and end at the login.
 */
final class ErrorPages implements RefusalHandler {

	private static final Logger logger = LoggerFactory.getLogger(ErrorPages.class);

	/** Finds the view of an error; in another package since Spring Boot 4.0. */
	private static final List<String> RESOLVERS = List.of(
			"org.springframework.boot.webmvc.autoconfigure.error.ErrorViewResolver",
			"org.springframework.boot.autoconfigure.web.servlet.error.ErrorViewResolver");

	/** A page that fails for each refusal would fill the log. */
	private static final long REST_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final ApplicationContext context;

	private final RefusalHandler other;

	/** When a page is tried again after a failure, by the system's ticker. */
	private volatile long restUntil = System.nanoTime();

	/**
	 * Creates error pages.
	 * @param context the context of the application
	 * @param other writes a page where the application has none
	 */
	ErrorPages(ApplicationContext context, RefusalHandler other) {
		this.context = context;
		this.other = other;
	}

	@Override
	public void handle(Refusal refusal, LimitedRequest request, LimitedResponse response) throws IOException {
		HttpServletRequest servletRequest = request.unwrap(HttpServletRequest.class);
		HttpServletResponse servletResponse = response.unwrap(HttpServletResponse.class);
		boolean rests = System.nanoTime() - this.restUntil < 0;
		if (rests || !render(refusal, request.path(), new PageRequest(servletRequest), servletResponse)) {
			this.other.handle(refusal, request, response);
		}
	}

	/**
	 * Renders the page of the application.
	 * @return whether it has one that could be rendered
	 */
	private boolean render(Refusal refusal, String path, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		RequestAttributes former = RequestContextHolder.getRequestAttributes();
		ServletRequestAttributes attributes = new ServletRequestAttributes(request, response);
		RequestContextHolder.setRequestAttributes(attributes);
		try {
			Map<String, Object> model = model(refusal, path);
			ModelAndView found = find(request, HttpStatus.resolve(refusal.status()), model);
			View view = (found != null) ? view(found, request) : null;
			if (found == null || view == null) {
				return false;
			}
			response.setContentType("text/html;charset=UTF-8");
			model.putAll(found.getModel());
			view.render(model, request, response);
			return true;
		}
		catch (IOException ex) {
			throw ex;
		}
		catch (Exception ex) {
			this.restUntil = System.nanoTime() + REST_NANOS;
			logger.warn("The error page for status {} cannot be rendered for a refusal: a plain page is written, for a "
					+ "minute before this is tried again", refusal.status(), ex);
			if (response.isCommitted()) {
				return true;
			}
			response.resetBuffer();
			return false;
		}
		finally {
			attributes.requestCompleted();
			RequestContextHolder.setRequestAttributes(former);
		}
	}

	/**
	 * Returns the attributes that an error page of Spring Boot can show, and when to come
	 * back.
	 */
	@SuppressWarnings("JavaUtilDate") // as Spring Boot has it
	private static Map<String, Object> model(Refusal refusal, String path) {
		Map<String, Object> model = new HashMap<>();
		model.put("timestamp", new Date());
		model.put("status", refusal.status());
		model.put("error", refusal.title());
		model.put("message", refusal.detail());
		model.put("path", path);
		model.put("retryAfter", refusal.retryAfter());
		model.put("violatedPolicies", refusal.violatedPolicies());
		return model;
	}

	private @Nullable ModelAndView find(HttpServletRequest request, @Nullable HttpStatus status,
			Map<String, Object> model) {
		if (status == null) {
			return null;
		}
		for (String name : RESOLVERS) {
			Class<?> type = ClassUtils.isPresent(name, this.context.getClassLoader())
					? ClassUtils.resolveClassName(name, this.context.getClassLoader()) : null;
			Method method = (type != null) ? BeanUtils.findMethodWithMinimalParameters(type, "resolveErrorView") : null;
			if (type == null || method == null) {
				continue;
			}
			for (Object resolver : ordered(type)) {
				if (ReflectionUtils.invokeMethod(method, resolver, request, status,
						model) instanceof ModelAndView found) {
					return found;
				}
			}
		}
		return (new TemplateAvailabilityProviders(this.context).getProvider("error", this.context) != null)
				? new ModelAndView("error", model) : null;
	}

	private @Nullable View view(ModelAndView found, HttpServletRequest request) throws Exception {
		String name = found.getViewName();
		if (name == null) {
			return found.getView();
		}
		Locale locale = RequestContextUtils.getLocale(request);
		for (ViewResolver resolver : ordered(ViewResolver.class)) {
			View view = resolver.resolveViewName(name, locale);
			if (view != null) {
				return view;
			}
		}
		return null;
	}

	private <T> List<T> ordered(Class<T> type) {
		return BeanFactoryUtils.beansOfTypeIncludingAncestors(this.context, type, true, false)
			.values()
			.stream()
			.sorted(AnnotationAwareOrderComparator.INSTANCE)
			.toList();
	}

	/**
	 * A request that accepts a page. What the client accepts has been weighed before, and
	 * its parameters are not to get into the response.
	 */
	private static final class PageRequest extends HttpServletRequestWrapper {

		PageRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public String getHeader(String name) {
			return name.equalsIgnoreCase("Accept") ? "text/html" : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return name.equalsIgnoreCase("Accept") ? Collections.enumeration(List.of("text/html"))
					: super.getHeaders(name);
		}

	}

}
