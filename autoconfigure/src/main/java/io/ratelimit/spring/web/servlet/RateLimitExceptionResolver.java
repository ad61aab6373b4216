package io.ratelimit.spring.web.servlet;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.ratelimit.RateLimitExceededException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.handler.HandlerExceptionResolverComposite;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;

/**
 * Answers a call that was refused behind a handler as the filter answers a request,
 * unless the application has an exception handler for just that.
 */
final class RateLimitExceptionResolver implements HandlerExceptionResolver, Ordered {

	private static final int BEFORE_THOSE_OF_SPRING_MVC = -10;

	private final Refusals refusals;

	private final Supplier<Stream<HandlerExceptionResolver>> resolvers;

	private volatile @Nullable List<ExactHandlers> exact;

	/**
	 * Creates a resolver.
	 * @param refusals how to refuse
	 * @param resolvers all resolvers of the application
	 */
	RateLimitExceptionResolver(Refusals refusals, Supplier<Stream<HandlerExceptionResolver>> resolvers) {
		this.refusals = refusals;
		this.resolvers = resolvers;
	}

	@Override
	public int getOrder() {
		return BEFORE_THOSE_OF_SPRING_MVC;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
			@Nullable Object handler, Exception ex) {
		Throwable cause = (ex instanceof CompletionException || ex instanceof ExecutionException) ? ex.getCause() : ex;
		if (!(cause instanceof RateLimitExceededException refused)) {
			return null;
		}
		for (ExactHandlers exact : exact()) {
			ModelAndView answer = exact.resolveException(request, response, handler, refused);
			if (answer != null) {
				return answer;
			}
		}
		try {
			this.refusals.refuse(refused.decisions(), request, response);
		}
		catch (IOException ignored) {
			// the client has gone away and needs no answer
		}
		return new ModelAndView();
	}

	private List<ExactHandlers> exact() {
		List<ExactHandlers> exact = this.exact;
		if (exact == null) {
			exact = this.resolvers.get()
				.flatMap((resolver) -> (resolver instanceof HandlerExceptionResolverComposite composite)
						? composite.getExceptionResolvers().stream() : Stream.of(resolver))
				.filter(ExceptionHandlerExceptionResolver.class::isInstance)
				.map(ExceptionHandlerExceptionResolver.class::cast)
				.map(ExactHandlers::new)
				.toList();
			this.exact = exact;
		}
		return exact;
	}

}
