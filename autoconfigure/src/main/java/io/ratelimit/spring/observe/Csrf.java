package io.ratelimit.spring.observe;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.util.ClassUtils;

/**
 * What a page has to send along where Spring Security guards against forged requests.
 *
 * @param header name of a header field; empty if nothing has to be sent
 * @param token its value
 */
record Csrf(String header, String token) {

	private static final boolean SECURITY_PRESENT = ClassUtils
		.isPresent("org.springframework.security.web.csrf.CsrfToken", Csrf.class.getClassLoader());

	static Csrf of(HttpServletRequest request) {
		Csrf csrf = SECURITY_PRESENT ? Spring.of(request) : null;
		return (csrf != null) ? csrf : new Csrf("", "");
	}

	private static final class Spring {

		static @Nullable Csrf of(HttpServletRequest request) {
			return (request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token)
					? new Csrf(token.getHeaderName(), token.getToken()) : null;
		}

	}

}
