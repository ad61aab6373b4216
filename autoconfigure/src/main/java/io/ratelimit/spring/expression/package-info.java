/**
 * Spring expressions that are parsed and checked once, and evaluated without garbage.
 */
@NullMarked
package io.ratelimit.spring.expression;

import org.jspecify.annotations.NullMarked;
