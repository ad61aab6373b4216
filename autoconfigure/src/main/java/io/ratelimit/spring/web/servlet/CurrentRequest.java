package io.ratelimit.spring.web.servlet;

import java.util.List;
import java.util.Map;

import io.ratelimit.Decision;
import io.ratelimit.spring.request.ClientAddress;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.RequestRules.RequestKeyWhenMissing;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The request that the current thread works for. Safe for use by many threads.
 */
public final class CurrentRequest {

	private static final Logger logger = LoggerFactory.getLogger(CurrentRequest.class);

	private final ClientAddress addresses;

	private final RateLimitHeaders headers;

	/**
	 * Creates access to requests.
	 * @param addresses the rules by which addresses of clients are found
	 * @param headers what to tell the client
	 */
	public CurrentRequest(ClientAddress addresses, RateLimitHeaders headers) {
		this.addresses = addresses;
		this.headers = headers;
	}

	/**
	 * Returns whether there is a request.
	 * @return whether there is one, and it is not over
	 */
	public boolean isPresent() {
		return attributes() != null;
	}

	/**
	 * Returns what the request has been charged.
	 * @return its charges, or {@code null} if there is no request
	 */
	public @Nullable RequestCharges charges() {
		ServletRequestAttributes attributes = attributes();
		return (attributes != null) ? RequestCharges.of(attributes.getRequest()) : null;
	}

	/**
	 * Returns who is being counted.
	 * @param key the key
	 * @return the key of the request, or {@code null} if it does not say
	 */
	@SuppressWarnings("unchecked")
	public @Nullable String key(RequestKeyWhenMissing key) {
		ServletRequestAttributes attributes = attributes();
		if (attributes == null) {
			return null;
		}
		HttpServletRequest request = attributes.getRequest();
		Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
		return key.resolve(new LimitedServletRequest(request, this.addresses),
				(variables instanceof Map<?, ?>) ? (Map<String, String>) variables : Map.of());
	}

	/**
	 * Adds decisions to what the request has been charged, and writes its header fields
	 * anew.
	 * @param decisions the decisions
	 */
	public void decided(List<Decision> decisions) {
		ServletRequestAttributes attributes = attributes();
		if (attributes != null) {
			RequestCharges charges = RequestCharges.of(attributes.getRequest());
			charges.decided(decisions);
			HttpServletResponse response = attributes.getResponse();
			if (response != null && !response.isCommitted()) {
				this.headers.write(new LimitedServletResponse(attributes.getRequest(), response), charges.decisions());
			}
		}
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
