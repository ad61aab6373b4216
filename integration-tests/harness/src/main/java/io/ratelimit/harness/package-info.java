/**
 * Starts applications for tests.
 */
@NullMarked
package io.ratelimit.harness;

import org.jspecify.annotations.NullMarked;
