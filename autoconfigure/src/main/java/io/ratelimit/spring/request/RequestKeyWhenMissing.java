package io.ratelimit.spring.request;

import io.ratelimit.spring.policy.Guard.MissingKey;

/**
 * A key, and what becomes of a request that does not have it.
 *
 * @param key the key
 * @param missingKey what becomes of a request without it
 */
record RequestKeyWhenMissing(RequestKey key, MissingKey missingKey) {

	/**
	 * Returns whether a request without this key is to be refused.
	 */
	boolean deniesWithout() {
		return this.missingKey == MissingKey.DENY;
	}

}
