/**
 * Where permits are counted: in this process, or in Redis.
 */
@NullMarked
package io.ratelimit.spring.store;

import org.jspecify.annotations.NullMarked;
