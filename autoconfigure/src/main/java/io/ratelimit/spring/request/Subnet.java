package io.ratelimit.spring.request;

import java.util.function.UnaryOperator;

/**
 * Returns the network that an address of a client belongs to, so that a crowd of
 * addresses of one owner is counted together. Addresses of a network that many clients
 * share stay as they are, and so does what is no address.
 *
 * @param ipv4Prefix how many bits of an IPv4 address to keep
 * @param ipv6Prefix how many bits of an IPv6 address to keep
 */
record Subnet(int ipv4Prefix, int ipv6Prefix) implements UnaryOperator<String> {

	@Override
	public String apply(String address) {
		int slash = address.indexOf('/');
		byte[] bytes = IpAddress.canonical(IpAddress.literal((slash < 0) ? address : address.substring(0, slash)));
		if (bytes == null || IpAddress.sharesNetwork(bytes)) {
			return address;
		}
		return IpAddress.text(bytes, (bytes.length == Integer.BYTES) ? this.ipv4Prefix : this.ipv6Prefix);
	}

}
