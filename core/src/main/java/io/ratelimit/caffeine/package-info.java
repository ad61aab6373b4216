/**
 * The in-process store: every policy's keys in a bounded Caffeine cache, every key a cell
 * of a few dozen bytes.
 */
@NullMarked
package io.ratelimit.caffeine;

import org.jspecify.annotations.NullMarked;
