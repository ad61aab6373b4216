package io.ratelimit.spring.observe;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The keys refused by a policy over the last minutes, as the endpoint tells it.
 *
 * @param refusals how many refusals there were
 * @param missed how many of them are of keys that are not known
 * @param offenders the keys refused most, the worst first
 */
record RefusalReport(long refusals, long missed, List<OffenderReport> offenders) {

	/**
	 * A key that was refused.
	 *
	 * @param id name that stands for the key
	 * @param key the key, where it may be shown
	 * @param refusals how often it was refused, or more
	 * @param error how much too high that can be
	 */
	record OffenderReport(String id, @Nullable String key, long refusals, long error) {

	}

}
