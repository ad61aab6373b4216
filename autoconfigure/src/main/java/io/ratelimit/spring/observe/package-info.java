/**
 * What operators see: counts and meters, events and log lines of refusals, and the
 * actuator endpoint with its page.
 */
@NullMarked
package io.ratelimit.spring.observe;

import org.jspecify.annotations.NullMarked;
