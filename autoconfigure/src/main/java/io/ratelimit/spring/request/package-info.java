/**
 * Limits on requests of any kind of server: which policies guard a request, its key and
 * cost, and what the response says of it.
 */
@NullMarked
package io.ratelimit.spring.request;

import org.jspecify.annotations.NullMarked;
