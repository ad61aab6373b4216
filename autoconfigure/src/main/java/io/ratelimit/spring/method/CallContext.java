package io.ratelimit.spring.method;

import java.util.List;

import io.ratelimit.Decision;
import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a call: an HTTP request, mostly. Safe for use by many threads.
 */
public interface CallContext {

	/**
	 * Works out, once, where a key comes from that is no expression over the method's
	 * parameters.
	 * @param policy name of the policy, which may be unknown here
	 * @param key the key as written in the annotation; {@code null} if the policy's own
	 * key counts
	 * @return where to ask for the key of a call
	 * @throws IllegalArgumentException if there can be no such key; the message says why
	 */
	CallKey key(String policy, @Nullable String key);

	/**
	 * Makes the policy of an annotation that states its limits in place.
	 * @param name name of the policy
	 * @param limits its limits
	 * @return the policy, with what applies to all policies
	 */
	default Policy policy(String name, List<Limit> limits) {
		return new Policy(name, limits);
	}

	/**
	 * Tells whether the surrounding request has already taken a permit of this policy for
	 * this key, so that the call must not take another.
	 * @param policy name of the policy
	 * @param key who is being counted
	 * @return whether the call is paid for
	 */
	boolean charged(String policy, String key);

	/**
	 * Called with the decisions of each call that took permits or was refused.
	 * @param decisions the decisions
	 */
	void decided(List<Decision> decisions);

	/**
	 * Source of a key, asked on the calling thread.
	 */
	@FunctionalInterface
	interface CallKey {

		/**
		 * Returns who is being counted.
		 * @return the key, or {@code null} if this call is not to be limited
		 */
		@Nullable String resolve();

	}

}
