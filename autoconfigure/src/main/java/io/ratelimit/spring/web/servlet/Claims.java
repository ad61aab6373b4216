package io.ratelimit.spring.web.servlet;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Claim;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a request, of which there are rarely more than two.
 */
final class Claims {

	private Claims() {
	}

	/**
	 * Returns claims and one more.
	 * @param claims the claims, {@code null} if there are none yet
	 */
	static List<Claim> with(@Nullable List<Claim> claims, Claim claim) {
		if (claims == null) {
			return List.of(claim);
		}
		if (claims.size() == 1) {
			return List.of(claims.get(0), claim);
		}
		List<Claim> more = new ArrayList<>(claims);
		more.add(claim);
		return more;
	}

}
