package io.ratelimit.spring.request;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import org.springframework.web.method.HandlerMethod;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * What rules know of the server that requests come to. There is one for each kind of
 * server. Safe for use by many threads.
 */
public interface RequestServer {

	/**
	 * Returns the type of the server's requests.
	 * @return the type that expressions know as {@code #request}
	 */
	Class<?> requestType();

	/**
	 * Returns whether requests can have a principal.
	 * @return whether anything authenticates
	 */
	boolean authenticates();

	/**
	 * Returns whether a request is answered as a CORS preflight.
	 * @param request the request
	 * @return whether it is one, and does no other work
	 */
	boolean isPreflight(LimitedRequest request);

	/**
	 * Returns whether the server, or a filter, reads forwarding headers before rules do.
	 * @return whether the address of a connection may come from a header
	 */
	boolean readsForwarding();

	/**
	 * Returns what trusts the first address of a forwarding header, which any client can
	 * write.
	 * @return its name in a message; {@code null} if nothing does
	 */
	@Nullable String forgeableBy();

	/**
	 * Returns the path of the application.
	 * @return the context path, empty for the root
	 */
	String contextPath();

	/**
	 * Returns whether the handlers of requests are known. What follows is known once the
	 * application is there.
	 * @return whether Spring MVC is there
	 */
	boolean hasHandlers();

	/**
	 * Returns the parser of the handlers' path patterns.
	 * @return the parser, or {@code null} if paths are matched in another way
	 */
	@Nullable PathPatternParser parser();

	/**
	 * Returns whether the pattern of any handler begins with a path.
	 * @param path the path
	 * @return whether there is such a handler
	 */
	boolean handlesBelow(String path);

	/**
	 * Calls back for each of the application's own handlers.
	 * @param action takes the pattern of the handler and its methods, none if it takes
	 * all
	 */
	void forEachHandler(BiConsumer<String, Set<String>> action);

	/**
	 * Reads a path as that of a request.
	 * @param path the path as it would be sent, with or without the context path
	 * @return the path in all its forms, on the application's own port
	 */
	PathReadings readings(String path);

	/**
	 * Returns the annotated handlers that a request may come to, of those whose pattern
	 * is the most specific. Which of several it is depends on its header fields and
	 * parameters.
	 * @param method the HTTP method
	 * @param path the path as it would be sent, with or without the context path
	 * @return the handlers by their patterns; none where they are not known
	 */
	Map<String, List<HandlerMethod>> handlers(String method, String path);

	/**
	 * Returns where the management endpoints are.
	 * @return what their paths begin with
	 */
	String managementBase();

	/**
	 * Returns the management endpoints on the application's own port.
	 * @return their paths
	 */
	List<String> management();

	/**
	 * Returns the management endpoints that have a port of their own.
	 * @return their paths
	 */
	List<String> managementElsewhere();

}
