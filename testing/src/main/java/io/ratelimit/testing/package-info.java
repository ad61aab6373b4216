/**
 * Runs servers, and a browser, for tests.
 */
@NullMarked
package io.ratelimit.testing;

import org.jspecify.annotations.NullMarked;
