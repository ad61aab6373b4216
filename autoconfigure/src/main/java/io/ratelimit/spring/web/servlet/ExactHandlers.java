package io.ratelimit.spring.web.servlet;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.ratelimit.RateLimitExceededException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.ControllerAdviceBean;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * The application's exception handlers that name {@link RateLimitExceededException}.
 * Those that take any exception do not know what to tell a client of a limit.
 */
final class ExactHandlers extends ExceptionHandlerExceptionResolver {

	private final Map<Class<?>, ExceptionHandlerMethodResolver> controllers = new ConcurrentHashMap<>();

	private final Map<ControllerAdviceBean, ExceptionHandlerMethodResolver> advice;

	/**
	 * Creates the handlers.
	 * @param configured calls all of the application's handlers
	 */
	ExactHandlers(ExceptionHandlerExceptionResolver configured) {
		this.advice = configured.getExceptionHandlerAdviceCache();
		setApplicationContext(configured.getApplicationContext());
		setArgumentResolvers(Objects.requireNonNull(configured.getArgumentResolvers()).getResolvers());
		setReturnValueHandlers(Objects.requireNonNull(configured.getReturnValueHandlers()).getHandlers());
	}

	@Override
	protected boolean hasGlobalExceptionHandlers() {
		return !this.advice.isEmpty();
	}

	@Override
	protected @Nullable ServletInvocableHandlerMethod getExceptionHandlerMethod(@Nullable HandlerMethod handler,
			Exception exception, ServletWebRequest request) {
		if (handler != null) {
			Method method = exact(
					this.controllers.computeIfAbsent(handler.getBeanType(), ExceptionHandlerMethodResolver::new));
			if (method != null) {
				return new ServletInvocableHandlerMethod(handler.getBean(), method, getApplicationContext());
			}
		}
		Class<?> type = (handler != null) ? handler.getBeanType() : null;
		for (Map.Entry<ControllerAdviceBean, ExceptionHandlerMethodResolver> entry : this.advice.entrySet()) {
			Method method = entry.getKey().isApplicableToBeanType(type) ? exact(entry.getValue()) : null;
			if (method != null) {
				return new ServletInvocableHandlerMethod(entry.getKey().resolveBean(), method, getApplicationContext());
			}
		}
		return null;
	}

	private static @Nullable Method exact(ExceptionHandlerMethodResolver resolver) {
		Method method = resolver.resolveMethodByExceptionType(RateLimitExceededException.class);
		return (method != null && names(method)) ? method : null;
	}

	private static boolean names(Method method) {
		ExceptionHandler annotation = AnnotatedElementUtils.findMergedAnnotation(method, ExceptionHandler.class);
		Class<?>[] named = (annotation != null) ? annotation.value() : new Class<?>[0];
		List<Class<?>> types = Arrays.asList((named.length > 0) ? named : method.getParameterTypes());
		return types.contains(RateLimitExceededException.class);
	}

}
