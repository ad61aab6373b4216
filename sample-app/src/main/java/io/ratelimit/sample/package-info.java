/**
 * An application with every kind of limit.
 */
@NullMarked
package io.ratelimit.sample;

import org.jspecify.annotations.NullMarked;
