package io.ratelimit.spring.web;

import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a request can be told by.
 *
 * @param text as written in configuration
 * @param source where the value comes from
 * @param needsPrincipal whether it is known only behind Spring Security
 * @param certain whether every request has it
 */
record KeyPart(String text, Source source, boolean needsPrincipal, boolean certain) {

	static KeyPart of(String text, KeyResolver resolver) {
		return new KeyPart(text, (request, variables) -> resolver.resolve(request), resolver.needsPrincipal(), false);
	}

	KeyPart behindSecurity() {
		return new KeyPart(this.text, this.source, true, this.certain);
	}

	KeyPart always() {
		return new KeyPart(this.text, this.source, this.needsPrincipal, true);
	}

	/**
	 * Source of a value; {@code null} or empty where the request does not say.
	 */
	@FunctionalInterface
	interface Source {

		@Nullable String value(HttpServletRequest request, Map<String, String> variables);

	}

}
