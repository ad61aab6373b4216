package io.ratelimit.spring.web.servlet;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.request.async.AsyncWebRequest;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Lets a request that a leaky bucket has delayed wait without a thread.
 */
/*
 * Looks to Spring MVC like a handler that starts asynchronous work: every filter has run,
 * so none is left out when the request is dispatched again, and what holds for
 * asynchronous handlers (security, multipart, observation) holds here. When the time has
 * come the request is dispatched once more, and finds its own handler.
 */
final class DelayedRequestMapping implements HandlerMapping, Ordered {

	private static final long GRACE_MILLIS = 10_000;

	private final HttpRequestHandler waiting = this::startWaiting;

	@Override
	public @Nullable HandlerExecutionChain getHandler(HttpServletRequest request) {
		RequestCharges charges = RequestCharges.find(request);
		return (charges != null && charges.delayed() && request.getDispatcherType() != DispatcherType.ERROR)
				? new HandlerExecutionChain(this.waiting) : null;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	private void startWaiting(HttpServletRequest request, HttpServletResponse response) {
		long nanos = RequestCharges.of(request).takeDelay();
		AsyncWebRequest asyncRequest = WebAsyncUtils.createAsyncWebRequest(request, response);
		asyncRequest.setTimeout(TimeUnit.NANOSECONDS.toMillis(nanos) + GRACE_MILLIS);
		WebAsyncUtils.getAsyncManager(request).setAsyncWebRequest(asyncRequest);
		asyncRequest.startAsync();
		CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(() -> dispatch(asyncRequest));
	}

	private static void dispatch(AsyncWebRequest request) {
		try {
			request.dispatch();
		}
		catch (IllegalStateException ex) {
			// the server has stopped meanwhile, or has given the request up
		}
	}

}
