/**
 * The store under faults: several processes make requests of every kind and record each
 * call, a fault comes and goes, and a judge reads the records.
 */
@NullMarked
package io.ratelimit.redis.chaos;

import org.jspecify.annotations.NullMarked;
