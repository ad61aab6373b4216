/**
 * What a decision costs in time, garbage and memory, beside the floor that its parts set
 * and beside what the peers' users call. Started by {@code benchmarks/run}, never by the
 * build.
 */
@NullMarked
package io.ratelimit.benchmarks;

import org.jspecify.annotations.NullMarked;
