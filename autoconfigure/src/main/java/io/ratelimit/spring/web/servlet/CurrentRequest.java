package io.ratelimit.spring.web.servlet;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

import io.ratelimit.spring.request.LimitedRequest;
import io.ratelimit.spring.request.RateLimitHeaders;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The request that the current thread works for. Safe for use by many threads.
 */
final class CurrentRequest {

	private static final Logger logger = LoggerFactory.getLogger(CurrentRequest.class);

	private final Function<LimitedRequest, String> addresses;

	private final RateLimitHeaders headers;

	/**
	 * Creates access to requests.
	 * @param addresses the rules by which addresses of clients are found
	 * @param headers what to tell the client
	 */
	CurrentRequest(Function<LimitedRequest, String> addresses, RateLimitHeaders headers) {
		this.addresses = addresses;
		this.headers = headers;
	}

	/**
	 * Returns whether there is a request.
	 * @return whether there is one, and it is not over
	 */
	boolean isPresent() {
		return attributes() != null;
	}

	/**
	 * Returns the request and what it has been charged, for use on any thread.
	 * @return the request, or {@code null} if there is none
	 */
	@Nullable ChargedRequest charged() {
		ServletRequestAttributes attributes = attributes();
		return (attributes != null) ? new ChargedRequest(attributes, this.headers) : null;
	}

	/**
	 * Returns the key that permits are counted under.
	 * @param key the key
	 * @return the key of the request, or of a call without one; {@code null} if the call
	 * is not limited
	 */
	@SuppressWarnings("unchecked")
	@Nullable String key(BiFunction<@Nullable LimitedRequest, Map<String, String>, @Nullable String> key) {
		ServletRequestAttributes attributes = attributes();
		if (attributes == null) {
			return key.apply(null, Map.of());
		}
		HttpServletRequest request = attributes.getRequest();
		Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
		return key.apply(new LimitedServletRequest(request, this.addresses),
				(variables instanceof Map<?, ?>) ? (Map<String, String>) variables : Map.of());
	}

	/*
	 * The request of this thread may be over, if a task inherited it from the thread that
	 * submitted it. Containers then forbid its use, or empty it.
	 */
	private static @Nullable ServletRequestAttributes attributes() {
		if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
			return null;
		}
		try {
			return (attributes.getRequest().getMethod() != null) ? attributes : null;
		}
		catch (RuntimeException ex) {
			logger.debug("The request of a call is over", ex);
			return null;
		}
	}

}
