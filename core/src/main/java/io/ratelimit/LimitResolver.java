package io.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * Tells which {@link Plan} a key has, whose limits are in the place of its policy's own:
 * ten permits a minute for those who pay nothing, a thousand for those who do. Asked on
 * the deciding thread, for every decision unless it is cached, which an application of
 * Spring Boot does by itself. Where it fails, the policy's own limits apply.
 */
@FunctionalInterface
public interface LimitResolver {

	/**
	 * Tells the plan of a key.
	 * @param policy the policy's name
	 * @param key who is being counted; personal data, perhaps
	 * @return the plan, or {@code null} if the policy's own limits apply
	 */
	@Nullable Plan plan(String policy, String key);

}
