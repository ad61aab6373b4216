package io.ratelimit.spring.request;

import java.util.List;
import java.util.function.Function;

/**
 * Returns a client's address: the peer of the connection or, where that is a trusted
 * proxy, the nearest address in a forwarding header that is not one. IPv6 addresses are
 * cut to a prefix, since a client has a whole network of them; those of a network that
 * many clients share are not.
 */
final class ClientAddress implements Function<LimitedRequest, String> {

	private static final int LONGEST = 64;

	private final List<Network> trustedProxies;

	private final boolean rfc7239;

	private final Subnet network;

	/**
	 * Creates the rules by which addresses are found.
	 * @param trustedProxies ranges of addresses in CIDR notation; where there are none,
	 * no header is ever read
	 * @param rfc7239 whether the proxies write {@code Forwarded} rather than
	 * {@code X-Forwarded-For}
	 * @param network the network that a client has
	 * @throws IllegalArgumentException if a range cannot be read
	 */
	ClientAddress(List<String> trustedProxies, boolean rfc7239, Subnet network) {
		this.trustedProxies = trustedProxies.stream().map(Network::valueOf).toList();
		this.rfc7239 = rfc7239;
		this.network = network;
	}

	/**
	 * Returns the address of a request's client.
	 * @param request the request
	 * @return the address in a canonical form; as it stands, but bounded, if it cannot be
	 * read
	 */
	@Override
	public String apply(LimitedRequest request) {
		String peer = request.remoteAddress();
		if (peer == null) {
			return "unknown";
		}
		if (this.trustedProxies.isEmpty() && peer.indexOf(':') < 0) {
			return bounded(peer);
		}
		byte[] address = IpAddress.parse(peer);
		if (address == null) {
			return bounded(peer);
		}
		return this.network.text(trusted(address) ? forwardedFor(request, address) : address);
	}

	private byte[] forwardedFor(LimitedRequest request, byte[] peer) {
		byte[] last = peer;
		List<String> lines = request.headers(this.rfc7239 ? "Forwarded" : "X-Forwarded-For");
		for (int i = lines.size() - 1; i >= 0; i--) {
			String line = lines.get(i);
			ForwardedList hops = this.rfc7239 ? new ForwardedHeader(line) : new XForwardedForHeader(line);
			while (hops.next()) {
				byte[] hop = hops.address();
				if (hop == null) {
					return last;
				}
				last = hop;
				if (!trusted(hop)) {
					return last;
				}
			}
		}
		return last;
	}

	private boolean trusted(byte[] address) {
		for (Network network : this.trustedProxies) {
			if (network.contains(address)) {
				return true;
			}
		}
		return false;
	}

	private static String bounded(String text) {
		return (text.length() <= LONGEST) ? text : text.substring(0, LONGEST);
	}

}
