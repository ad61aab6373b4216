package io.ratelimit.spring.policy;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import org.jspecify.annotations.Nullable;

/**
 * A name that limits of two policies have in header fields, where they could not be told
 * apart.
 *
 * @param one name of one of the policies
 * @param other name of the other policy
 * @param name the name of both limits
 */
record SharedName(String one, String other, String name) {

	/**
	 * Returns the first name that limits of some policies share, or {@code null} if all
	 * names are distinct. Those of one policy are distinct anyway.
	 */
	static @Nullable SharedName find(Collection<Policy> policies) {
		Map<String, String> owners = new HashMap<>();
		for (Policy policy : policies) {
			for (Limit limit : policy.limits()) {
				String owner = owners.put(policy.nameOf(limit), policy.name());
				if (owner != null) {
					return new SharedName(owner, policy.name(), policy.nameOf(limit));
				}
			}
		}
		return null;
	}

}
