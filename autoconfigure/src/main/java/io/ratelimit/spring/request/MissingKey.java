package io.ratelimit.spring.request;

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
