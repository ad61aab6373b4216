package io.ratelimit.spring.policy;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.ratelimit.Policy;

/**
 * What policies are used by: rules for requests, or annotated methods. A bean of this
 * type is called back when policies change. Must be safe for use by many threads.
 */
public interface PolicyUser {

	/**
	 * Prepares to use policies.
	 * @param policies the policies that are going to be in force, by name
	 * @param guards returns which requests a policy guards, by its name
	 * @return run once all of them are in force
	 * @throws InvalidRateLimitException if they cannot be used
	 */
	Runnable prepare(Map<String, Policy> policies, Function<String, Guard> guards);

	/**
	 * Returns the methods that a policy limits.
	 * @param policy name of the policy
	 * @return the methods as people write them, in alphabetical order
	 */
	default List<String> calls(String policy) {
		return List.of();
	}

	/**
	 * Returns the keys that the calls a policy limits are counted by.
	 * @param policy name of the policy
	 * @return the keys as annotations write them, by method; empty where the policy's own
	 * counts
	 */
	default Map<String, String> callKeys(String policy) {
		return Map.of();
	}

	/**
	 * Returns the policies that limit calls of a method.
	 * @param method the method
	 * @param type the class of the object that it is called on
	 * @return the names of the policies; none if its calls are not limited
	 */
	default List<String> limiting(Method method, Class<?> type) {
		return List.of();
	}

	/**
	 * Returns the most permits that a call is known to take of a policy.
	 * @param policy name of the policy
	 * @return the permits; zero if it limits no method
	 */
	default long permits(String policy) {
		return 0;
	}

}
