/**
 * Limits on requests to servlets: filter, refusals, and the servlet's view of a request.
 */
@NullMarked
package io.ratelimit.spring.web.servlet;

import org.jspecify.annotations.NullMarked;
