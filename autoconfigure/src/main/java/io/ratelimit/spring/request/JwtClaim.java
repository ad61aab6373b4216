package io.ratelimit.spring.request;

import java.security.Principal;

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;

/**
 * A claim of the token that Spring Security has authenticated the caller by. Never a
 * claim of a token that has merely been sent.
 */
final class JwtClaim implements KeyResolver {

	private final String name;

	JwtClaim(String name) {
		this.name = name;
	}

	@Override
	public @Nullable String resolve(LimitedRequest request) {
		Principal user = request.principal();
		if (!(user instanceof Authentication authentication) || !authentication.isAuthenticated()) {
			return null;
		}
		Object value = claim(authentication.getPrincipal());
		return (value != null) ? value.toString() : null;
	}

	@Override
	public boolean needsPrincipal() {
		return true;
	}

	private @Nullable Object claim(@Nullable Object principal) {
		if (principal instanceof ClaimAccessor token) {
			return token.getClaims().get(this.name);
		}
		return (principal instanceof OAuth2AuthenticatedPrincipal token) ? token.getAttribute(this.name) : null;
	}

}
