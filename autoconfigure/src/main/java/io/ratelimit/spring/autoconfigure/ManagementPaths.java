package io.ratelimit.spring.autoconfigure;

import java.util.List;

/**
 * Where the management endpoints of an application are.
 *
 * @param base what their paths begin with
 * @param paths their paths on the application's own port; none if they have another one
 * @param otherPort whether they have another port
 */
record ManagementPaths(String base, List<String> paths, boolean otherPort) {

	/**
	 * No management endpoints.
	 */
	static final ManagementPaths NONE = new ManagementPaths("", List.of(), false);

}
