/**
 * What the servlet filter costs, on a request and a response that cost next to nothing.
 */
@NullMarked
package io.ratelimit.benchmarks.servlet;

import org.jspecify.annotations.NullMarked;
