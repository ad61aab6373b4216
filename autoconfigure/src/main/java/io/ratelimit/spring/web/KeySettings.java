package io.ratelimit.spring.web;

/**
 * How clients are known.
 *
 * @param clientAddress how to tell a client's address
 * @param hash stands in for session ids, header fields and cookies
 * @param foldPrincipals whether names of principals that differ in case only are one
 * @param forwarding notices that addresses are those of a proxy
 */
public record KeySettings(ClientAddress clientAddress, KeyHash hash, boolean foldPrincipals,
		UnreadForwarding forwarding) {

}
