/**
 * Tests of applications that have limits: counts are forgotten before each test method,
 * slices have limits where they are asked for, time can be turned, and answers are
 * asserted.
 */
@NullMarked
package io.ratelimit.spring.test;

import org.jspecify.annotations.NullMarked;
