/**
 * A store that counts permits in Redis, for applications that run on many machines.
 */
@NullMarked
package io.ratelimit.redis;

import org.jspecify.annotations.NullMarked;
