package io.ratelimit.spring.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client's address: the peer of the connection or, where that is a trusted proxy,
 * the nearest address in a forwarding header that is not one. IPv6 addresses are cut to a
 * prefix, since a client has a whole network of them.
 */
public final class ClientAddress {

	private static final int LONGEST = 64;

	private final List<Network> trustedProxies;

	private final boolean rfc7239;

	private final int ipv6Prefix;

	/**
	 * Makes the rules by which addresses are told.
	 * @param trustedProxies ranges of addresses in CIDR notation; where there are none,
	 * no header is ever read
	 * @param rfc7239 whether the proxies write {@code Forwarded} rather than
	 * {@code X-Forwarded-For}
	 * @param ipv6Prefix how many bits of an IPv6 address to keep, 1 to 128
	 * @throws IllegalArgumentException if a range cannot be read
	 */
	public ClientAddress(List<String> trustedProxies, boolean rfc7239, int ipv6Prefix) {
		this.trustedProxies = trustedProxies.stream().map(Network::valueOf).toList();
		this.rfc7239 = rfc7239;
		this.ipv6Prefix = ipv6Prefix;
	}

	/**
	 * Returns the address of a request's client.
	 * @param request the request
	 * @return the address in a canonical form; as it stands, but bounded, if it cannot be
	 * read
	 */
	public String of(HttpServletRequest request) {
		String peer = request.getRemoteAddr();
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
		return text(trusted(address) ? forwardedFor(request, address) : address);
	}

	private byte[] forwardedFor(HttpServletRequest request, byte[] peer) {
		List<String> hops = this.rfc7239 ? ForwardedHeader.addresses(lines(request, "Forwarded"))
				: split(lines(request, "X-Forwarded-For"));
		byte[] last = peer;
		for (int i = hops.size() - 1; i >= 0; i--) {
			byte[] hop = IpAddress.parse(hops.get(i));
			if (hop == null) {
				return last;
			}
			last = hop;
			if (!trusted(hop)) {
				return last;
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

	private String text(byte[] address) {
		if (address.length == 4) {
			return (address[0] & 0xFF) + "." + (address[1] & 0xFF) + "." + (address[2] & 0xFF) + "."
					+ (address[3] & 0xFF);
		}
		byte[] network = IpAddress.network(address, this.ipv6Prefix);
		StringBuilder text = new StringBuilder(LONGEST);
		int groups = (this.ipv6Prefix + 15) / 16;
		for (int i = 0; i < groups; i++) {
			text.append((i > 0) ? ":" : "")
				.append(Integer.toHexString(((network[2 * i] & 0xFF) << 8) | (network[2 * i + 1] & 0xFF)));
		}
		if (groups < 8) {
			text.append("::");
		}
		return text.append('/').append(this.ipv6Prefix).toString();
	}

	private static List<String> lines(HttpServletRequest request, String header) {
		return Collections.list(request.getHeaders(header));
	}

	private static List<String> split(List<String> lines) {
		List<String> hops = new ArrayList<>();
		for (String line : lines) {
			Collections.addAll(hops, line.split(",", -1));
		}
		return hops;
	}

	private static String bounded(String text) {
		return (text.length() <= LONGEST) ? text : text.substring(0, LONGEST);
	}

	/**
	 * The {@code for} parameters of a {@code Forwarded} header (RFC 7239).
	 */
	private static final class ForwardedHeader {

		static List<String> addresses(List<String> lines) {
			List<String> addresses = new ArrayList<>();
			for (String line : lines) {
				for (String element : separate(line, ',')) {
					addresses.add(forParameter(element));
				}
			}
			return addresses;
		}

		private static String forParameter(String element) {
			String address = null;
			for (String pair : separate(element, ';')) {
				int equals = pair.indexOf('=');
				if (equals > 0 && pair.substring(0, equals).strip().equalsIgnoreCase("for")) {
					address = unquote(pair.substring(equals + 1).strip());
				}
			}
			return (address != null) ? address : "";
		}

		private static List<String> separate(String text, char separator) {
			List<String> parts = new ArrayList<>();
			boolean quoted = false;
			int start = 0;
			for (int i = 0; i < text.length(); i++) {
				char character = text.charAt(i);
				if (character == '"') {
					quoted = !quoted;
				}
				else if (character == separator && !quoted) {
					parts.add(text.substring(start, i));
					start = i + 1;
				}
			}
			parts.add(text.substring(start));
			return parts;
		}

		private static @Nullable String unquote(String text) {
			boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
			return quoted ? text.substring(1, text.length() - 1) : text;
		}

	}

}
