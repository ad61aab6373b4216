package io.ratelimit.spring.web;

import java.util.List;

import org.springframework.web.util.pattern.PathPatternParser;

/**
 * How the paths of an application are read: by the parser of its Spring MVC, and with its
 * management endpoints apart.
 *
 * @param parser the parser of Spring MVC
 * @param managementBase what the paths of management endpoints begin with
 * @param management paths of management endpoints, which only those patterns guard that
 * name them
 */
public record PathMatching(PathPatternParser parser, String managementBase, List<String> management) {

	/**
	 * What applies where nothing else is known.
	 */
	public static final PathMatching DEFAULT = new PathMatching(PathPatternParser.defaultInstance, "", List.of());

	public PathMatching {
		management = List.copyOf(management);
	}

	/**
	 * Returns whether a pattern names management endpoints: it begins with their base
	 * path or, where that is the root, with the path of one of them.
	 */
	boolean namesManagement(String prefix) {
		return (this.managementBase.length() > 1) ? isBelow(prefix, this.managementBase) : isManagement(prefix);
	}

	/**
	 * Returns whether a path lies at or below that of a management endpoint.
	 */
	boolean isManagement(String path) {
		for (String endpoint : this.management) {
			if (isBelow(path, endpoint)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns, without parsing anything, whether a path can be that of a management
	 * endpoint.
	 */
	boolean mayBeManagement(String uri) {
		return !this.management.isEmpty() && uri.contains(this.managementBase);
	}

	private static boolean isBelow(String path, String base) {
		return path.startsWith(base) && (path.length() == base.length() || path.charAt(base.length()) == '/');
	}

}
