package io.ratelimit.spring.web.servlet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.ratelimit.spring.web.servlet.CrossOrigin.CrossOriginSource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * What Spring MVC grants to other origins for the handler of a request: by annotation and
 * by its global configuration.
 */
final class MappedOrigins implements CrossOriginSource {

	private final List<HandlerMapping> mappings;

	private final DefaultCorsProcessor processor = new DefaultCorsProcessor();

	/**
	 * Creates the source.
	 * @param mappings the mappings of Spring MVC, in order
	 */
	MappedOrigins(List<HandlerMapping> mappings) {
		this.mappings = List.copyOf(mappings);
	}

	@Override
	public void process(HttpServletRequest request, HttpServletResponse answer) throws Exception {
		HttpServletRequest asked = new AttributesApart(request);
		ServletRequestPathUtils.parseAndCache(asked);
		for (HandlerMapping mapping : this.mappings) {
			HandlerExecutionChain chain = mapping.getHandler(asked);
			if (chain != null) {
				this.processor.processRequest(configuration(chain, asked), request, answer);
				return;
			}
		}
	}

	private static @Nullable CorsConfiguration configuration(HandlerExecutionChain chain, HttpServletRequest request) {
		for (HandlerInterceptor interceptor : chain.getInterceptorList()) {
			if (interceptor instanceof CorsConfigurationSource source) {
				return source.getCorsConfiguration(request);
			}
		}
		return (chain.getHandler() instanceof CorsConfigurationSource source) ? source.getCorsConfiguration(request)
				: null;
	}

	/**
	 * A request that is looked up and not handled, so that nothing of it stays.
	 */
	private static final class AttributesApart extends HttpServletRequestWrapper {

		private final Map<String, @Nullable Object> attributes = new HashMap<>();

		private AttributesApart(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable Object getAttribute(String name) {
			return this.attributes.containsKey(name) ? this.attributes.get(name) : super.getAttribute(name);
		}

		@Override
		public void setAttribute(String name, @Nullable Object value) {
			this.attributes.put(name, value);
		}

		@Override
		public void removeAttribute(String name) {
			this.attributes.put(name, null);
		}

	}

}
