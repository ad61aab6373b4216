package io.ratelimit.spring.policy;

import java.util.List;

/**
 * Which requests a policy guards and how, as written in configuration.
 *
 * @param paths path patterns; none, if the policy is only named by annotations
 * @param except path patterns that are exempt
 * @param methods HTTP methods; none means all, and GET means HEAD too
 * @param key who is being counted
 * @param missingKey what becomes of a request without that key
 * @param cost permits a request
 */
public record Guard(List<String> paths, List<String> except, List<String> methods, String key, MissingKey missingKey,
		String cost) {

	public Guard {
		paths = List.copyOf(paths);
		except = List.copyOf(except);
		methods = List.copyOf(methods);
	}

	/**
	 * What becomes of a request that does not have its policy's key.
	 */
	public enum MissingKey {

		/**
		 * It is counted by the client's address. The default.
		 */
		IP,

		/**
		 * The policy does not apply to it.
		 */
		SKIP,

		/**
		 * It is refused.
		 */
		DENY

	}

}
