package io.ratelimit.spring.web;

import java.util.Arrays;

/**
 * A range of addresses in CIDR notation.
 */
final class Network {

	private final byte[] address;

	private final int prefix;

	private Network(byte[] address, int prefix) {
		this.address = IpAddress.network(address, prefix);
		this.prefix = prefix;
	}

	static Network valueOf(String text) {
		int slash = text.indexOf('/');
		byte[] address = IpAddress.parse((slash < 0) ? text : text.substring(0, slash));
		if (address != null) {
			int bits = address.length * Byte.SIZE;
			int prefix = (slash < 0) ? bits : prefix(text.substring(slash + 1));
			if (prefix >= 0 && prefix <= bits) {
				return new Network(address, prefix);
			}
		}
		throw new IllegalArgumentException(
				"'%s' is not a range of addresses: write 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32".formatted(text));
	}

	boolean contains(byte[] candidate) {
		return candidate.length == this.address.length
				&& Arrays.equals(IpAddress.network(candidate, this.prefix), this.address);
	}

	private static int prefix(String text) {
		try {
			return Integer.parseInt(text.strip());
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

}
