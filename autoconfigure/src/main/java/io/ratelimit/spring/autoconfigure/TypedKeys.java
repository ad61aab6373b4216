package io.ratelimit.spring.autoconfigure;

/**
 * Turns what somebody types into the key that it means.
 */
@FunctionalInterface
interface TypedKeys {

	/**
	 * Returns a key as it is counted.
	 * @param policy name of the policy
	 * @param text what was typed
	 */
	String key(String policy, String text);

}
