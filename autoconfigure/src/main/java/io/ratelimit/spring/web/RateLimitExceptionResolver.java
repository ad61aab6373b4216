package io.ratelimit.spring.web;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import io.ratelimit.RateLimitExceededException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers a call that was refused behind a handler as the filter answers a request.
 */
public final class RateLimitExceptionResolver implements HandlerExceptionResolver, Ordered {

	private static final int BEFORE_THOSE_OF_SPRING_MVC = -10;

	private final Refusals refusals;

	/**
	 * Makes a resolver.
	 * @param refusals how to refuse
	 */
	public RateLimitExceptionResolver(Refusals refusals) {
		this.refusals = refusals;
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
		try {
			this.refusals.refuse(refused.decisions(), request, response);
		}
		catch (IOException ignored) {
			// the client has gone away and needs no answer
		}
		return new ModelAndView();
	}

}
