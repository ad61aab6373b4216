/**
 * Limits on requests of any kind of server: which policies guard a request, who is being
 * counted, what it costs, and what the response says of it.
 */
@NullMarked
package io.ratelimit.spring.request;

import org.jspecify.annotations.NullMarked;
