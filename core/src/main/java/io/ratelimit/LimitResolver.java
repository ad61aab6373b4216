package io.ratelimit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Source of the {@link Plan} of a key, whose limits take the place of its policy's own:
 * ten permits a minute for those who pay nothing, a thousand for those who do. Called on
 * the deciding thread, for every decision. With Spring Boot what it returns is remembered
 * for a minute, and it is called on threads of its own, which know neither the request
 * nor its transaction. Where it fails, the policy's own limits apply.
 */
@FunctionalInterface
public interface LimitResolver {

	/**
	 * Returns the plan of a key.
	 * @param policy the policy's name
	 * @param key who is being counted; personal data, perhaps
	 * @return the plan, or {@code null} if the policy's own limits apply
	 */
	@Nullable Plan plan(String policy, String key);

	/**
	 * Returns the plan of a key without holding the calling thread while it is looked up.
	 * @param policy the policy's name
	 * @param key who is being counted; personal data, perhaps
	 * @return the stage of the plan, or of {@code null} if the policy's own limits apply
	 */
	default CompletionStage<@Nullable Plan> planAsync(String policy, String key) {
		return CompletableFuture.completedStage(plan(policy, key));
	}

	/**
	 * Forgets what is remembered of a key, so that its plan is looked up anew. Called
	 * when the key is reset.
	 * @param policy the policy's name
	 * @param key who is being counted
	 */
	default void forget(String policy, String key) {
	}

	/**
	 * Forgets what is remembered of all keys, so that their plans are looked up anew.
	 * Called when all keys of the policy are reset.
	 * @param policy the policy's name
	 */
	default void forgetAll(String policy) {
	}

}
