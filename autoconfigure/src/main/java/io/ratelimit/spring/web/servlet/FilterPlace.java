package io.ratelimit.spring.web.servlet;

/**
 * Where a policy stands in the chain of servlet filters. Follows from its key.
 */
enum FilterPlace {

	/**
	 * Before Spring Security, which answers logins and failed authentications by itself.
	 */
	BEFORE_SECURITY,

	/**
	 * Behind Spring Security, where the principal is known.
	 */
	AFTER_SECURITY

}
