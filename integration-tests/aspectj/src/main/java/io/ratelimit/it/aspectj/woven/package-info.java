/**
 * Classes that are woven.
 */
@NullMarked
package io.ratelimit.it.aspectj.woven;

import org.jspecify.annotations.NullMarked;
