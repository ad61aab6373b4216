/**
 * Limits on annotated methods whose calls no proxy sees.
 */
@NullMarked
package io.ratelimit.aspectj;

import org.jspecify.annotations.NullMarked;
