package io.ratelimit.spring.web.servlet;

/**
 * What is configured for requests to servlets.
 *
 * @param status status of a refusal for a client over its limit
 * @param filterOrder order of the filter before Spring Security
 * @param principalFilterOrder order of the filter behind Spring Security
 */
public record ServletSettings(int status, int filterOrder, int principalFilterOrder) {

}
