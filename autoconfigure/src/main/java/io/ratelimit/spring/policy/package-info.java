/**
 * The policies of an application: where they come from, which requests they guard, and
 * how they are replaced while it runs.
 */
@NullMarked
package io.ratelimit.spring.policy;

import org.jspecify.annotations.NullMarked;
