/**
 * The contract of a store, as a suite of JUnit tests that a store's author extends.
 */
@NullMarked
package io.ratelimit.tck;

import org.jspecify.annotations.NullMarked;
