/**
 * The actuator endpoint: policies, who is refused, the state of a key, and changes while
 * running.
 */
@NullMarked
package io.ratelimit.spring.actuate;

import org.jspecify.annotations.NullMarked;
