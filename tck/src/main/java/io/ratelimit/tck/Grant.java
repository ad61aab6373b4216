package io.ratelimit.tck;

/**
 * Permits that were granted.
 *
 * @param moment when, in nanoseconds since the test began
 * @param permits how many
 */
record Grant(long moment, long permits) {

}
