package io.ratelimit.spring.web.servlet;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.web.cors.CorsUtils;

/**
 * Allows a refusal to be read by scripts of other origins where the application's answers
 * are. What would have granted that stands behind the filter that refuses.
 */
final class CrossOrigin {

	private static final Logger logger = LoggerFactory.getLogger(RateLimitFilter.class);

	private final List<CrossOriginSource> sources;

	/**
	 * Creates the grant of some sources.
	 * @param sources what grants access, in the order of a request
	 */
	CrossOrigin(List<CrossOriginSource> sources) {
		this.sources = List.copyOf(sources);
	}

	/**
	 * Sets the header fields by which the application grants access, and exposes those of
	 * a refusal with them. To be called when all other fields are set.
	 */
	void grant(HttpServletRequest request, HttpServletResponse response) {
		if (request.getHeader(HttpHeaders.ORIGIN) == null || !isCrossOrigin(request)) {
			return;
		}
		if (response.getHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN) == null) {
			CrossOriginAnswer answer = answer(request, response);
			if (!answer.isGranted()) {
				return;
			}
			answer.copyTo(response);
		}
		expose(response);
	}

	/**
	 * Returns the answer of the first source that grants access or rejects the request.
	 */
	private CrossOriginAnswer answer(HttpServletRequest request, HttpServletResponse response) {
		for (CrossOriginSource source : this.sources) {
			CrossOriginAnswer answer = new CrossOriginAnswer(response);
			try {
				source.process(request, answer);
			}
			catch (Exception ex) {
				logger.debug("Access from other origins cannot be told", ex);
			}
			if (answer.isGranted() || answer.isRejected()) {
				return answer;
			}
		}
		return new CrossOriginAnswer(response);
	}

	private static boolean isCrossOrigin(HttpServletRequest request) {
		try {
			return CorsUtils.isCorsRequest(request);
		}
		catch (IllegalArgumentException ex) {
			return false; // a malformed origin
		}
	}

	private static void expose(HttpServletResponse response) {
		Set<String> exposed = new LinkedHashSet<>(response.getHeaders(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS));
		List<String> own = new ArrayList<>(List.of(HttpHeaders.RETRY_AFTER));
		for (String name : response.getHeaderNames()) {
			if (name.startsWith("RateLimit") || name.startsWith("X-RateLimit")) {
				own.add(name);
			}
		}
		exposed.addAll(own);
		response.setHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, String.join(", ", exposed));
	}

	/**
	 * Something in an application that grants access from other origins.
	 */
	@FunctionalInterface
	interface CrossOriginSource {

		/**
		 * Sets the header fields that grant access, or a status that rejects the request.
		 * @param request the request
		 * @param answer takes both, and nothing else
		 * @throws Exception if it cannot be told
		 */
		void process(HttpServletRequest request, HttpServletResponse answer) throws Exception;

	}

}
