/**
 * Everything that makes an application limited by adding the starter.
 */
@NullMarked
package io.ratelimit.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
