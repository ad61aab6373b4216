package io.ratelimit.spring.web.servlet;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where the management endpoints of an application are.
 *
 * @param base what their paths begin with
 * @param own their paths on the application's own port
 * @param elsewhere their paths on a port of their own
 */
record ManagementPaths(String base, List<String> own, List<String> elsewhere) {

	/**
	 * No management endpoints.
	 */
	static final ManagementPaths NONE = new ManagementPaths("", List.of(), List.of());

	/**
	 * Returns the paths of all endpoints, on either port.
	 */
	List<String> all() {
		return Stream.of(this.own, this.elsewhere).flatMap(List::stream).toList();
	}

}
