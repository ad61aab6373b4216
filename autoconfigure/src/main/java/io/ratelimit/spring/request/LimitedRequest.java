package io.ratelimit.spring.request;

import java.security.Principal;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A request that limits may apply to, whichever kind of server it has come to.
 * Applications are given such requests and do not implement them.
 */
public interface LimitedRequest {

	/**
	 * Returns the HTTP method.
	 * @return the method, such as {@code GET}
	 */
	String method();

	/**
	 * Returns the path as it was sent, with the context path and without the query.
	 * @return the path, not decoded
	 */
	String path();

	/**
	 * Returns a header field.
	 * @param name its name, in any case
	 * @return its first value, or {@code null} if there is none
	 */
	@Nullable String header(String name);

	/**
	 * Returns all lines of a header field.
	 * @param name its name, in any case
	 * @return its values, in the order in which they were sent
	 */
	List<String> headers(String name);

	/**
	 * Returns the names of the header fields.
	 * @return the names
	 */
	List<String> headerNames();

	/**
	 * Returns a cookie.
	 * @param name its name
	 * @return its value as it was sent, or {@code null} if there is none
	 */
	@Nullable String cookie(String name);

	/**
	 * Returns the values of a parameter, of the query first and then of a form.
	 * @param name its name
	 * @return the values
	 * @see #isFormTooLarge()
	 */
	List<String> parameters(String name);

	/**
	 * Returns whether there is a form that is too large to be read, so that only
	 * parameters of the query are known.
	 * @return whether there may be parameters that {@link #parameters} does not return
	 */
	boolean isFormTooLarge();

	/**
	 * Returns the address of the connection's other end, which may be a proxy.
	 * @return the address, or {@code null} if it is not known
	 */
	@Nullable String remoteAddress();

	/**
	 * Returns the address that {@code key: ip} counts by: that of the client behind
	 * trusted proxies, and of an IPv6 address the prefix that is one client.
	 * @return the address in a canonical form
	 */
	String clientAddress();

	/**
	 * Returns the authenticated user, which is set behind Spring Security only.
	 * @return the user, or {@code null} if no user is authenticated
	 * @see KeyResolver#needsPrincipal()
	 */
	@Nullable Principal principal();

	/**
	 * Returns the id of the session.
	 * @return the id, or {@code null} if there is no session; none is begun
	 */
	@Nullable String sessionId();

	/**
	 * Returns the request of the server, for what this interface does not have.
	 * @param <T> the type of the server's request
	 * @param type its type: {@code HttpServletRequest} in servlet applications
	 * @return the server's request
	 * @throws IllegalArgumentException if it is not of that type
	 */
	<T> T unwrap(Class<T> type);

}
