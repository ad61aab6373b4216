package io.ratelimit.spring.request;

import java.util.List;

import org.springframework.web.util.pattern.PathPatternParser;

/**
 * How the paths of an application are read: by the parser of its Spring MVC, and with its
 * management endpoints apart.
 *
 * @param parser the parser of Spring MVC
 * @param managementBase what the paths of management endpoints begin with
 * @param management paths of management endpoints on the application's own port, which
 * only those patterns guard that name them
 * @param managementElsewhere paths of management endpoints that have a server of their
 * own
 */
record PathMatching(PathPatternParser parser, String managementBase, List<String> management,
		List<String> managementElsewhere) {

	/**
	 * What applies where nothing else is known.
	 */
	static final PathMatching DEFAULT = new PathMatching(PathPatternParser.defaultInstance, "", List.of(), List.of());

	PathMatching {
		management = List.copyOf(management);
		managementElsewhere = List.copyOf(managementElsewhere);
	}

	/**
	 * Returns whether a pattern names management endpoints: it begins with their base
	 * path or, where that is the root, with the path of one of them.
	 */
	boolean namesManagement(String prefix) {
		return (this.managementBase.length() > 1) ? isBelow(prefix, this.managementBase)
				: isBelow(prefix, this.management) || isBelow(prefix, this.managementElsewhere);
	}

	/**
	 * Returns whether a path lies at or below that of a management endpoint on the
	 * application's own port.
	 */
	boolean isManagement(String path) {
		return isBelow(path, this.management);
	}

	/**
	 * Returns whether a path lies at or below that of a management endpoint, on whichever
	 * port.
	 */
	boolean isManagementAnywhere(String path) {
		return isManagement(path) || isBelow(path, this.managementElsewhere);
	}

	/**
	 * Returns, without parsing anything, whether a path can be that of a management
	 * endpoint on the application's own port.
	 * @param uri the path as it was sent
	 * @return whether it has to be looked at
	 */
	boolean mayBeManagement(String uri) {
		return !this.management.isEmpty() && uri.contains(this.managementBase);
	}

	/**
	 * Returns whether management endpoints have a server of their own.
	 * @return whether a request may have come to another server than the application's
	 */
	boolean hasOtherServer() {
		return !this.managementElsewhere.isEmpty();
	}

	private static boolean isBelow(String path, List<String> bases) {
		for (String base : bases) {
			if (isBelow(path, base)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isBelow(String path, String base) {
		return path.startsWith(base) && (path.length() == base.length() || path.charAt(base.length()) == '/');
	}

}
