package io.ratelimit.spring.observe;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A change made through the endpoint, as the endpoint reports it.
 *
 * @param at when it was made, in ISO 8601
 * @param by name of the user; {@code null} if unknown
 * @param policy the policy that was changed
 * @param kind {@code change}, {@code reset} of a key, or {@code reset-all}
 * @param before limits and mode before; {@code null} unless they were changed
 * @param after limits and mode since then; {@code null} unless they were changed
 * @param id name that stands for the key that was reset
 */
record ChangeReport(String at, @Nullable String by, String policy, String kind, @Nullable State before,
		@Nullable State after, @Nullable String id) {

	static final String CHANGE = "change";

	static final String RESET = "reset";

	static final String RESET_ALL = "reset-all";

	/**
	 * What a change can change.
	 *
	 * @param limits limits, in one line each
	 * @param mode what becomes of decisions
	 */
	record State(List<String> limits, String mode) {

	}

}
