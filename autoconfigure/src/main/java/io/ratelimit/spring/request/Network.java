package io.ratelimit.spring.request;

import java.util.Arrays;

/**
 * A range of addresses in CIDR notation, which holds addresses in their
 * {@linkplain IpAddress#canonical canonical} form.
 */
final class Network {

	private static final int BITS_BEFORE_V4 = 96;

	private final byte[] address;

	private final int prefix;

	private Network(byte[] address, int prefix) {
		this.address = IpAddress.network(address, prefix);
		this.prefix = prefix;
	}

	/**
	 * Parses a range, or a single address.
	 * @throws IllegalArgumentException if the text is neither
	 */
	static Network valueOf(String text) {
		int slash = text.indexOf('/');
		byte[] address = IpAddress.literal((slash < 0) ? text.strip() : text.substring(0, slash).strip());
		if (address != null) {
			int bits = address.length * Byte.SIZE;
			int prefix = (slash < 0) ? bits : prefix(text.substring(slash + 1));
			if (prefix >= 0 && prefix <= bits) {
				return of(text, address, prefix);
			}
		}
		throw new IllegalArgumentException(
				"'%s' is not a range of addresses: write 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32".formatted(text));
	}

	private static Network of(String text, byte[] address, int prefix) {
		if (prefix < BITS_BEFORE_V4 || !IpAddress.embedsV4(address)) {
			return new Network(address, prefix);
		}
		if (prefix == BITS_BEFORE_V4) {
			throw new IllegalArgumentException(
					"'%s' is every IPv4 address: write 0.0.0.0/0 if that is meant".formatted(text));
		}
		return new Network(Arrays.copyOfRange(address, BITS_BEFORE_V4 / Byte.SIZE, address.length),
				prefix - BITS_BEFORE_V4);
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
