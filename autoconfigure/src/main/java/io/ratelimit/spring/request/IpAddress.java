package io.ratelimit.spring.request;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Addresses of the internet, as 4 or 16 bytes, parsed without a name service.
 * <p>
 * An IPv4 address that is written as an IPv6 address is an IPv4 address here: one that is
 * mapped ({@code ::ffff:0:0/96}), and one behind the well-known prefix of NAT64
 * ({@code 64:ff9b::/96}). So every client has one form, and no two clients share one.
 */
final class IpAddress {

	private static final int V6_BYTES = 16;

	private static final int V4_BYTES = 4;

	private static final int PREFIX_OF_V4 = V6_BYTES - V4_BYTES;

	private static final int LONGEST_PORT = 5;

	private static final int LONGEST_ZONE = 64;

	private static final byte[] MAPPED = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF };

	private static final byte[] NAT64 = { 0, 0x64, (byte) 0xFF, (byte) 0x9B, 0, 0, 0, 0, 0, 0, 0, 0 };

	private IpAddress() {
	}

	/**
	 * Parses an address, perhaps with a port behind it: {@code 203.0.113.7:4711},
	 * {@code [2001:db8::1]:4711}, {@code 2001:db8::1}.
	 * @return the address, or {@code null} if the text is none
	 */
	static byte @Nullable [] parse(String text) {
		if (text.startsWith("[")) {
			int end = text.indexOf(']');
			return (end > 0 && noneOrPort(text, end + 1)) ? canonical(literalV6(text.substring(1, end))) : null;
		}
		int colon = text.indexOf(':');
		if (colon >= 0 && colon == text.lastIndexOf(':')) {
			return noneOrPort(text, colon) ? literalV4(text, 0, colon) : null;
		}
		return canonical(literal(text));
	}

	/**
	 * Parses an address exactly as it is written.
	 * @return its 4 or 16 bytes, or {@code null} if the text is no address
	 */
	static byte @Nullable [] literal(String text) {
		return (text.indexOf(':') < 0) ? literalV4(text, 0, text.length()) : literalV6(text);
	}

	/**
	 * Returns an address in the form that all others are compared in.
	 */
	static byte @Nullable [] canonical(byte @Nullable [] address) {
		return (address != null && embedsV4(address)) ? Arrays.copyOfRange(address, PREFIX_OF_V4, V6_BYTES) : address;
	}

	/**
	 * Returns whether an IPv6 address is another way to write an IPv4 address.
	 */
	static boolean embedsV4(byte[] address) {
		return address.length == V6_BYTES && (startsWith(address, MAPPED) || startsWith(address, NAT64));
	}

	/**
	 * Returns whether the addresses of a /64 belong to many clients rather than to one:
	 * those of a link ({@code fe80::/10}), and those that NAT64 makes of IPv4 addresses
	 * by a prefix for local use ({@code 64:ff9b:1::/48}, RFC 8215).
	 */
	static boolean sharesNetwork(byte[] address) {
		return address.length == V6_BYTES && (((address[0] & 0xFF) == 0xFE && (address[1] & 0xC0) == 0x80)
				|| (startsWith(address, NAT64, V4_BYTES) && address[V4_BYTES] == 0 && address[V4_BYTES + 1] == 1));
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

	/**
	 * Returns a network as text: {@code 203.0.113.7}, {@code 203.0.113.0/24},
	 * {@code 2001:db8:1:2::/64}. A whole IPv4 address has no prefix behind it.
	 */
	static String text(byte[] address, int prefix) {
		byte[] network = network(address, prefix);
		StringBuilder text = new StringBuilder(LONGEST_ZONE);
		if (network.length == V4_BYTES) {
			for (byte octet : network) {
				text.append(text.isEmpty() ? "" : ".").append(octet & 0xFF);
			}
			return (prefix == V4_BYTES * Byte.SIZE) ? text.toString() : text.append('/').append(prefix).toString();
		}
		int groups = (prefix + 15) / 16;
		for (int i = 0; i < groups; i++) {
			text.append((i > 0) ? ":" : "")
				.append(Integer.toHexString(((network[2 * i] & 0xFF) << Byte.SIZE) | (network[2 * i + 1] & 0xFF)));
		}
		return text.append((groups < V6_BYTES / 2) ? "::/" : "/").append(prefix).toString();
	}

	/**
	 * Parses four decimal octets, without leading zeros, since some read those as octal.
	 */
	static byte @Nullable [] literalV4(String text, int start, int end) {
		byte[] address = new byte[V4_BYTES];
		return octets(text, start, end, address, 0) ? address : null;
	}

	/**
	 * Parses the text forms of RFC 4291, section 2.2, perhaps with a zone behind them
	 * ({@code fe80::1%eth0}), which is no part of the address.
	 */
	static byte @Nullable [] literalV6(String text) {
		int zone = text.indexOf('%');
		int end = (zone < 0) ? text.length() : zone;
		return (zone < 0 || zone(text, zone + 1)) ? groups(text, end) : null;
	}

	private static byte @Nullable [] groups(String text, int end) {
		byte[] address = new byte[V6_BYTES];
		int length = 0; // bytes that are filled
		int gap = -1; // where the zeros stand that "::" leaves out
		int i = 0;
		if (text.startsWith("::") && end >= 2) {
			gap = 0;
			i = 2;
		}
		while (i < end) {
			int colon = text.indexOf(':', i);
			int next = (colon < 0 || colon > end) ? end : colon;
			if (next == end && length <= PREFIX_OF_V4 && octets(text, i, end, address, length)) {
				length += V4_BYTES;
				i = end;
				break;
			}
			int group = (length < V6_BYTES) ? group(text, i, next) : -1;
			if (group < 0) {
				return null;
			}
			address[length++] = (byte) (group >> Byte.SIZE);
			address[length++] = (byte) group;
			i = next;
			if (i < end) { // a colon, which has something behind it
				i++;
				if (i == end) {
					return null;
				}
				if (text.charAt(i) == ':') {
					if (gap >= 0) {
						return null;
					}
					gap = length;
					i++;
				}
			}
		}
		if (gap < 0) {
			return (length == V6_BYTES) ? address : null;
		}
		return (length < V6_BYTES) ? spread(address, gap, length) : null;
	}

	private static byte[] spread(byte[] address, int gap, int length) {
		int behind = length - gap;
		System.arraycopy(address, gap, address, V6_BYTES - behind, behind);
		Arrays.fill(address, gap, V6_BYTES - behind, (byte) 0);
		return address;
	}

	private static int group(String text, int start, int end) {
		if (end == start || end - start > 4) {
			return -1;
		}
		int group = 0;
		for (int i = start; i < end; i++) {
			char character = text.charAt(i);
			int digit = (character < 128) ? Character.digit(character, 16) : -1;
			if (digit < 0) {
				return -1;
			}
			group = (group << 4) | digit;
		}
		return group;
	}

	private static boolean octets(String text, int start, int end, byte[] address, int index) {
		int from = start;
		for (int i = 0; i < V4_BYTES; i++) {
			int dot = (i < V4_BYTES - 1) ? text.indexOf('.', from) : end;
			int octet = (dot >= 0 && dot <= end) ? octet(text, from, dot) : -1;
			if (octet < 0) {
				return false;
			}
			address[index + i] = (byte) octet;
			from = dot + 1;
		}
		return true;
	}

	private static int octet(String text, int start, int end) {
		if (end <= start || end - start > 3 || (end - start > 1 && text.charAt(start) == '0')) {
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

	private static boolean zone(String text, int start) {
		if (start == text.length() || text.length() - start > LONGEST_ZONE) {
			return false;
		}
		for (int i = start; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character > 127 || (!Character.isLetterOrDigit(character) && "._~-".indexOf(character) < 0)) {
				return false;
			}
		}
		return true;
	}

	private static boolean noneOrPort(String text, int start) {
		return start == text.length() || (text.charAt(start) == ':' && port(text, start + 1));
	}

	/**
	 * Returns whether the rest of a text is a port.
	 */
	static boolean port(String text, int start) {
		int digits = text.length() - start;
		if (digits < 1 || digits > LONGEST_PORT) {
			return false;
		}
		for (int i = start; i < text.length(); i++) {
			if (text.charAt(i) < '0' || text.charAt(i) > '9') {
				return false;
			}
		}
		return true;
	}

	private static boolean startsWith(byte[] address, byte[] prefix) {
		return startsWith(address, prefix, prefix.length);
	}

	private static boolean startsWith(byte[] address, byte[] prefix, int length) {
		return Arrays.equals(address, 0, length, prefix, 0, length);
	}

}
