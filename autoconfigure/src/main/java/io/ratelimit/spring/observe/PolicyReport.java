package io.ratelimit.spring.observe;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A policy, as the endpoint tells it.
 *
 * @param name its name
 * @param mode what becomes of its decisions
 * @param failureMode what becomes of a claim when the store cannot answer
 * @param store where its permits are counted
 * @param storeState whether the store answers: {@code up} or {@code down}
 * @param limits limits that must all allow
 * @param paths path patterns of the requests that it guards
 * @param except path patterns that are exempt
 * @param methods HTTP methods of these requests
 * @param key who is being counted
 * @param cost permits a request
 * @param calls annotated methods that are limited by it
 * @param decisions decisions so far, by outcome
 * @param near decisions so far that found 80% of a limit or more used
 * @param local how many of them were counted in this process, as the store could not
 * answer
 * @param recent the keys refused over the last minutes
 */
record PolicyReport(String name, String mode, String failureMode, String store, String storeState,
		List<LimitReport> limits, List<String> paths, List<String> except, List<String> methods, @Nullable String key,
		@Nullable String cost, List<String> calls, Map<String, Long> decisions, long near, long local,
		RefusalReport recent) implements OperationResponseBody {

	/**
	 * All policies.
	 *
	 * @param instance this instance, as operators know it
	 * @param writable whether they can be changed here
	 * @param store where permits are counted, and whether that answers
	 * @param outage the outage of the store that goes on, or else the last one
	 * @param policies the policies, by name
	 * @param changes the last changes that were made here, the latest first
	 */
	record All(String instance, boolean writable, StoreReport store, @Nullable OutageReport outage,
			List<PolicyReport> policies, List<ChangeReport> changes) implements OperationResponseBody {

	}

}
