/**
 * What a limited call is made on behalf of.
 */
@NullMarked
package io.ratelimit.spring.call;

import org.jspecify.annotations.NullMarked;
