package io.ratelimit.benchmarks.redis;

/**
 * Asks for one permit of a key. Used by many threads.
 */
@FunctionalInterface
interface Caller {

	boolean take(String key);

}
