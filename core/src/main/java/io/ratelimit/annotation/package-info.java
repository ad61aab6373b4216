/**
 * The annotation that limits the calls of a method, free of any framework.
 */
@NullMarked
package io.ratelimit.annotation;

import org.jspecify.annotations.NullMarked;
