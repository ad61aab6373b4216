package io.ratelimit.spring.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Addresses of the internet, read without ever asking a name server.
 */
final class IpAddress {

	private static final int LONGEST_V6 = 45;

	private IpAddress() {
	}

	/**
	 * Reads an address, perhaps with a port behind it: {@code 203.0.113.7:4711},
	 * {@code [2001:db8::1]:4711}, {@code 2001:db8::1}.
	 * @return its 4 or 16 bytes, an IPv4-mapped address unwrapped, or {@code null} if the
	 * text is no address
	 */
	static byte @Nullable [] parse(String text) {
		String address = text.strip();
		if (address.startsWith("[")) {
			int end = address.indexOf(']');
			return (end > 0 && port(address.substring(end + 1))) ? parseV6(address.substring(1, end)) : null;
		}
		int colon = address.indexOf(':');
		if (colon < 0) {
			return parseV4(address);
		}
		if (colon == address.lastIndexOf(':')) {
			return port(address.substring(colon)) ? parseV4(address.substring(0, colon)) : null;
		}
		return parseV6(address);
	}

	/**
	 * Sets every bit behind a prefix to zero.
	 */
	static byte[] network(byte[] address, int prefix) {
		byte[] network = address.clone();
		int whole = prefix / Byte.SIZE;
		if (whole < network.length) {
			network[whole] &= (byte) (0xFF00 >> (prefix % Byte.SIZE));
			Arrays.fill(network, whole + 1, network.length, (byte) 0);
		}
		return network;
	}

	private static byte @Nullable [] parseV4(String text) {
		byte[] address = new byte[4];
		int octets = 0;
		int start = 0;
		while (octets < 4) {
			int dot = text.indexOf('.', start);
			int end = (dot < 0) ? text.length() : dot;
			int octet = octet(text, start, end);
			if (octet < 0) {
				return null;
			}
			address[octets++] = (byte) octet;
			if (dot < 0) {
				return (octets == 4) ? address : null;
			}
			start = dot + 1;
		}
		return null;
	}

	private static int octet(String text, int start, int end) {
		if (end == start || end - start > 3 || (end - start > 1 && text.charAt(start) == '0')) {
			return -1;
		}
		int octet = 0;
		for (int i = start; i < end; i++) {
			int digit = text.charAt(i) - '0';
			if (digit < 0 || digit > 9) {
				return -1;
			}
			octet = octet * 10 + digit;
		}
		return (octet <= 255) ? octet : -1;
	}

	private static byte @Nullable [] parseV6(String text) {
		int zone = text.indexOf('%');
		String address = (zone < 0) ? text : text.substring(0, zone);
		if (address.length() > LONGEST_V6 || address.indexOf(':') < 0 || !address.chars().allMatch(IpAddress::inV6)) {
			return null;
		}
		try {
			return InetAddress.getByName(address).getAddress(); // with a colon in it, a
																// literal
		}
		catch (UnknownHostException ex) {
			return null;
		}
	}

	private static boolean inV6(int character) {
		return (Character.digit(character, 16) >= 0 && character < 128) || character == ':' || character == '.';
	}

	private static boolean port(String text) {
		return text.isEmpty() || (text.length() <= 6 && text.charAt(0) == ':'
				&& text.chars().skip(1).allMatch((character) -> character >= '0' && character <= '9'));
	}

}
