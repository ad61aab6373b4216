package io.ratelimit.spring.request;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Returns the network that an address belongs to: that of one client, or of a crowd of
 * addresses of one owner. Addresses of a network that many clients share stay as they
 * are, and so does what is no address.
 *
 * @param ipv4Prefix how many bits of an IPv4 address to keep
 * @param ipv6Prefix how many bits of an IPv6 address to keep
 */
record Subnet(int ipv4Prefix, int ipv6Prefix) implements UnaryOperator<String> {

	private static final int IPV4_BITS = 32;

	/** What is meant to be an address. */
	private static final Pattern NUMBERS = Pattern.compile("[0-9a-fA-F.:\\[\\]/%]+");

	@Override
	public String apply(String address) {
		int slash = address.indexOf('/');
		byte[] bytes = IpAddress.canonical(IpAddress.literal((slash < 0) ? address : address.substring(0, slash)));
		return (bytes != null) ? text(bytes) : address;
	}

	/**
	 * Returns the network of an address as a person writes it: perhaps with blanks around
	 * it, in brackets, with a port, or with the prefix of the network.
	 * @throws IllegalArgumentException if it is a name, no address, or another network
	 */
	String typed(String text) {
		String address = text.strip();
		int slash = address.indexOf('/');
		byte[] bytes = IpAddress.parse((slash < 0) ? address : address.substring(0, slash));
		if (bytes == null) {
			if (address.equalsIgnoreCase("localhost")) {
				throw new IllegalArgumentException(
						"'%s' is a name, and what is counted is an address, as in 127.0.0.1".formatted(text));
			}
			if (NUMBERS.matcher(address).matches()) {
				throw new IllegalArgumentException("'%s' is not an address, as in 203.0.113.7".formatted(text));
			}
			return address;
		}
		String network = text(bytes);
		String whole = (bytes.length == Integer.BYTES && network.indexOf('/') < 0) ? network + '/' + IPV4_BITS
				: network;
		if (slash >= 0 && !whole.endsWith(address.substring(slash))) {
			throw new IllegalArgumentException(
					"'%s' is another network than %s, which is counted".formatted(text, network));
		}
		return network;
	}

	String text(byte[] address) {
		int bits = Byte.SIZE * address.length;
		int prefix = (bits == IPV4_BITS) ? this.ipv4Prefix : this.ipv6Prefix;
		return IpAddress.text(address, IpAddress.sharesNetwork(address) ? bits : prefix);
	}

}
