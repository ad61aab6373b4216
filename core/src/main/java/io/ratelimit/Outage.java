package io.ratelimit;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which a store could not answer all calls.
 *
 * @param begin when it began
 * @param length from the first call that failed to the last
 * @param cause what the last call failed with, without any key
 * @param notCounted how many decisions the store could not make
 * @param over whether the store has answered again, for a second and without a failure
 */
public record Outage(Instant begin, Duration length, String cause, long notCounted, boolean over) {
}
