/**
 * The auto-configurations, and how properties are read and checked.
 */
@NullMarked
package io.ratelimit.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
