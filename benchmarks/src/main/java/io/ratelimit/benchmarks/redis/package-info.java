/**
 * What a decision in Redis costs, beside other limiters that count there.
 */
@NullMarked
package io.ratelimit.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
