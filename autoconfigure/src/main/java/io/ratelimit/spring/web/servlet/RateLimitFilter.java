package io.ratelimit.spring.web.servlet;

import java.io.IOException;

import io.ratelimit.RateLimitExceededException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Charges each request once to every policy that guards it, and refuses it if one of them
 * does. Stands in two places of the chain, each with the rules that belong there. Also
 * answers refusals from further in that are still unanswered.
 */
final class RateLimitFilter implements Filter {

	private static final int DEEPEST_CAUSE = 20;

	private final FilterPlace place;

	private final RequestGate gate;

	private final Refusals refusals;

	/**
	 * Creates a filter.
	 * @param place where it stands
	 * @param gate charges requests
	 * @param refusals how to refuse
	 */
	RateLimitFilter(FilterPlace place, RequestGate gate, Refusals refusals) {
		this.place = place;
		this.gate = gate;
		this.refusals = refusals;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request instanceof HttpServletRequest httpRequest && response instanceof HttpServletResponse httpResponse) {
			doFilter(httpRequest, httpResponse, chain);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request.getDispatcherType() == DispatcherType.ERROR) {
			if (!answered(request.getAttribute(RequestDispatcher.ERROR_EXCEPTION), request, response)) {
				this.gate.repeat(request, response);
				chain.doFilter(request, response);
			}
			return;
		}
		try {
			HttpServletRequest passed = this.gate.pass(this.place, request, response);
			if (passed != null) {
				chain.doFilter(passed, response);
			}
		}
		catch (IOException | ServletException | RuntimeException ex) {
			// what is included in a response cannot be answered there
			if (request.getDispatcherType() == DispatcherType.INCLUDE || !answered(ex, request, response)) {
				throw ex;
			}
		}
	}

	private boolean answered(@Nullable Object failure, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		RateLimitExceededException refused = refusal(failure);
		if (refused == null || response.isCommitted()) {
			return false;
		}
		this.refusals.refuse(refused.decisions(), request, response);
		return true;
	}

	private static @Nullable RateLimitExceededException refusal(@Nullable Object failure) {
		Object cause = failure;
		for (int i = 0; i < DEEPEST_CAUSE && cause instanceof Throwable throwable; i++) {
			if (throwable instanceof RateLimitExceededException refused) {
				return refused;
			}
			cause = throwable.getCause();
		}
		return null;
	}

}
