package io.ratelimit.spring.policy;

import java.util.List;

import io.ratelimit.Policy;
import org.jspecify.annotations.Nullable;

/**
 * Adds policies to those of the configuration, from a database for instance. Asked when
 * the application starts, and again whenever it says that they have changed, or that the
 * configuration has. Policies that cannot work stop the start; later they are refused,
 * and those before stay in force.
 */
public interface PolicySource {

	/**
	 * Returns the policies as they are to be from now on, none of them called like one of
	 * the configuration or of another source.
	 * @return all policies of this source
	 */
	List<Policy> policies();

	/**
	 * Returns which requests a policy guards.
	 * @param policy name of one of {@link #policies()}
	 * @return what it guards, or {@code null} for what the configuration's defaults say
	 */
	default @Nullable Guard guard(String policy) {
		return null;
	}

	/**
	 * Called once, before the first question.
	 * @param changed to be run, on any thread, whenever the policies have changed
	 */
	default void onChange(Runnable changed) {
	}

}
