package io.ratelimit.spring.observe;

/**
 * A key that was refused.
 *
 * @param key the key
 * @param refusals how often it was refused, or more
 * @param error how much too high that can be
 */
record Offender(String key, long refusals, long error) {

	/**
	 * Returns how often the key was refused for certain.
	 */
	long certain() {
		return this.refusals - this.error;
	}

}
