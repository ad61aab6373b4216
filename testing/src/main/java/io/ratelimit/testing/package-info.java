/**
 * Runs servers for tests.
 */
@NullMarked
package io.ratelimit.testing;

import org.jspecify.annotations.NullMarked;
