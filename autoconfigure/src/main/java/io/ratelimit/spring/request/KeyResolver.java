package io.ratelimit.spring.request;

import org.jspecify.annotations.Nullable;

/**
 * Returns the key of a request. A bean of this type is named in configuration as
 * {@code key: "@beanName"}. Must be safe for use by many threads.
 */
@FunctionalInterface
public interface KeyResolver {

	/**
	 * Returns the key that permits are counted under.
	 * @param request the request
	 * @return the key; {@code null} or empty if the request has none
	 */
	@Nullable String resolve(LimitedRequest request);

	/**
	 * Returns whether the key can be told only once the caller is authenticated, so that
	 * the policy has to stand behind Spring Security.
	 * @return whether {@link LimitedRequest#principal()} is needed
	 */
	default boolean needsPrincipal() {
		return false;
	}

}
