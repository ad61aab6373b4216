package io.ratelimit.spring.request;

/**
 * How clients are known.
 */
final class KeySettings {

	private final KeyHash hash;

	private final boolean foldPrincipals;

	private final Subnet client;

	private final Subnet subnet;

	private final UnreadForwarding forwarding;

	private final Class<?> requestType;

	/**
	 * Creates settings.
	 * @param hash stands in for session ids, header fields and cookies
	 * @param foldPrincipals whether names of principals that differ in case only are one
	 * @param client the network that one client has
	 * @param subnet the network that is counted as a subnet
	 * @param unreadForwarding whether no forwarding header is read, so that addresses may
	 * be those of a proxy
	 * @param requestType type of the server's request, which expressions know as
	 * {@code #request}
	 */
	KeySettings(KeyHash hash, boolean foldPrincipals, Subnet client, Subnet subnet, boolean unreadForwarding,
			Class<?> requestType) {
		this.hash = hash;
		this.foldPrincipals = foldPrincipals;
		this.client = client;
		this.subnet = subnet;
		this.forwarding = new UnreadForwarding(unreadForwarding);
		this.requestType = requestType;
	}

	KeyHash hash() {
		return this.hash;
	}

	boolean foldPrincipals() {
		return this.foldPrincipals;
	}

	Subnet client() {
		return this.client;
	}

	Subnet subnet() {
		return this.subnet;
	}

	/**
	 * Returns what notices that addresses are those of a proxy.
	 */
	UnreadForwarding forwarding() {
		return this.forwarding;
	}

	Class<?> requestType() {
		return this.requestType;
	}

}
