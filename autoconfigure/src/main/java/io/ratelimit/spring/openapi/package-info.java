/**
 * What the description of an API (OpenAPI, by springdoc) says of limits.
 */
@NullMarked
package io.ratelimit.spring.openapi;

import org.jspecify.annotations.NullMarked;
