/**
 * Limits on HTTP: a servlet filter, who the client is, and what goes onto the wire.
 */
@NullMarked
package io.ratelimit.spring.web;

import org.jspecify.annotations.NullMarked;
