package io.ratelimit.spring.observe;

import io.ratelimit.Outage;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * An outage of the store, as the endpoint shows it.
 *
 * @param begin when it began, in ISO 8601
 * @param seconds from the first call that failed to the last
 * @param cause what the last call failed with
 * @param notCounted how many decisions the store could not make
 * @param allowed how many of them were allowed without being counted
 * @param denied how many of them were denied without being counted
 * @param local how many of them were counted in this process
 * @param over whether the store answers again
 */
record OutageReport(String begin, double seconds, String cause, long notCounted, long allowed, long denied, long local,
		boolean over) implements OperationResponseBody {

	static @Nullable OutageReport of(@Nullable Outage outage) {
		return (outage == null) ? null : new OutageReport(outage.begin().toString(), outage.length().toMillis() / 1e3,
				outage.cause(), outage.notCounted(), outage.allowed(), outage.denied(), outage.local(), outage.over());
	}

}
