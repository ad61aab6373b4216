package io.ratelimit.spring.web.servlet;

import java.util.List;
import java.util.function.Supplier;

import io.ratelimit.spring.web.servlet.CrossOrigin.CrossOriginSource;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.filter.CorsFilter;

/**
 * What Spring Security grants to other origins.
 */
final class SecuredOrigins implements CrossOriginSource {

	private final Supplier<List<SecurityFilterChain>> chains;

	/**
	 * Creates the source.
	 * @param chains the chains of filters, in order
	 */
	SecuredOrigins(Supplier<List<SecurityFilterChain>> chains) {
		this.chains = chains;
	}

	/**
	 * Returns whether Spring Security answers a preflight as one, before it looks for
	 * credentials.
	 * @param request the preflight
	 * @return whether the chain for it has a filter for that, or no filters at all
	 */
	boolean answersPreflight(HttpServletRequest request) {
		for (SecurityFilterChain chain : this.chains.get()) {
			if (chain.matches(request)) {
				return chain.getFilters().isEmpty()
						|| chain.getFilters().stream().anyMatch(CorsFilter.class::isInstance);
			}
		}
		return true;
	}

	@Override
	public void process(HttpServletRequest request, HttpServletResponse answer) throws Exception {
		for (SecurityFilterChain chain : this.chains.get()) {
			if (chain.matches(request)) {
				for (Filter filter : chain.getFilters()) {
					if (filter instanceof CorsFilter) {
						filter.doFilter(request, answer, (passed, unused) -> {
						});
					}
				}
				return;
			}
		}
	}

}
