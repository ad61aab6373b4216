/**
 * The vocabulary of rate limiting: limits, policies, decisions, the store SPI and the
 * registry that an application talks to.
 */
@NullMarked
package io.ratelimit;

import org.jspecify.annotations.NullMarked;
