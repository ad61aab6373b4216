package io.ratelimit.spring.autoconfigure;

/**
 * Converts a key as an operator writes it to the key as it is counted.
 */
@FunctionalInterface
interface TypedKeys {

	/**
	 * Returns a key as it is counted.
	 * @param policy name of the policy
	 * @param text the key as written
	 */
	String key(String policy, String text);

}
