/**
 * Limits on the calls of methods that carry {@link io.ratelimit.annotation.RateLimited}.
 */
@NullMarked
package io.ratelimit.spring.method;

import org.jspecify.annotations.NullMarked;
