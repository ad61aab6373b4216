/**
 * What an application is told of refusals while it runs.
 */
@NullMarked
package io.ratelimit.spring.event;

import org.jspecify.annotations.NullMarked;
