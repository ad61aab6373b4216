/**
 * What operators see: how often policies decided what, and what became of the store.
 */
@NullMarked
package io.ratelimit.spring.metrics;

import org.jspecify.annotations.NullMarked;
