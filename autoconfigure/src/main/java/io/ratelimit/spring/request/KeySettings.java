package io.ratelimit.spring.request;

/**
 * How clients are known.
 *
 * @param hash stands in for session ids, header fields and cookies
 * @param foldPrincipals whether names of principals that differ in case only are one
 * @param forwarding notices that addresses are those of a proxy
 * @param requestType type of the server's request, which expressions know as
 * {@code #request}
 */
public record KeySettings(KeyHash hash, boolean foldPrincipals, UnreadForwarding forwarding, Class<?> requestType) {

}
