/**
 * Applications of WebFlux, whose methods can be limited.
 */
@NullMarked
package io.ratelimit.spring.web.reactive;

import org.jspecify.annotations.NullMarked;
