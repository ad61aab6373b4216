/**
 * Events and log lines of refusals in a running application.
 */
@NullMarked
package io.ratelimit.spring.event;

import org.jspecify.annotations.NullMarked;
