package io.ratelimit.spring.request;

import org.jspecify.annotations.Nullable;

/**
 * One line of {@code Forwarded} (RFC 7239).
 */
/*
 * The line is parsed from the right, because only its right end is known to be a proxy's.
 * A parser that starts on the left has to believe the client about which of the quotes
 * open and which close: in
 *
 * for=6.6.6.1;host="\", for=203.0.113.9
 *
 * the proxy appended everything from the comma on, and the client's quote would swallow
 * it. From the right, the proxy's element is read before the client's text is met.
 *
 * The grammar can be read in either direction. The line ends outside of a quoted string.
 * Outside of one there is no backslash, so the first quote on the way to the left closes
 * a string. Within a string a quote always has a backslash before it, and that backslash
 * is not itself escaped: an odd number of backslashes. The quote that opens the string
 * follows an equals sign. So the nearest quote to the left that has an even number of
 * backslashes before it is the one that opens. On every line that is well-formed as a
 * whole this finds the same elements as parsing from the left does, and on every line
 * whose right end is well-formed it finds the elements there.
 */
final class ForwardedHeader implements ForwardedList {

	private static final int LONGEST_NODE = 64;

	private final String line;

	/** Everything from here on has been read. */
	private int position;

	private boolean malformed;

	private @Nullable String node;

	ForwardedHeader(String line) {
		this.line = line;
		this.position = line.length();
	}

	@Override
	public boolean next() {
		this.node = null;
		skipSpaces();
		while (before(',')) { // empty elements are to be ignored
			this.position--;
			skipSpaces();
		}
		if (this.malformed || this.position == 0) {
			return false;
		}
		this.malformed = !element();
		return true;
	}

	@Override
	public byte @Nullable [] address() {
		return (this.malformed || this.node == null) ? null : address(this.node);
	}

	/**
	 * Reads pairs up to the comma that ends the element to the left.
	 * @return whether the element is well-formed
	 */
	private boolean element() {
		do {
			if (!before(';') && !pair()) {
				return false;
			}
			skipSpaces();
			if (this.position == 0 || before(',')) {
				return true;
			}
			if (!before(';')) {
				return false;
			}
			this.position--;
			skipSpaces();
		}
		while (this.position > 0 && !before(','));
		return true;
	}

	private boolean pair() {
		int end = this.position;
		boolean quoted = before('"');
		if (!(quoted ? quotedString() : token()) || !before('=')) {
			return false;
		}
		int start = this.position;
		this.position--;
		int nameEnd = this.position;
		if (!token()) {
			return false;
		}
		if (nameEnd - this.position == 3 && this.line.regionMatches(true, this.position, "for", 0, 3)) {
			if (this.node != null) {
				return false; // which of the two is meant?
			}
			this.node = quoted ? unquoted(start + 1, end - 1) : this.line.substring(start, end);
		}
		return true;
	}

	private boolean token() {
		int end = this.position;
		while (this.position > 0 && inToken(this.line.charAt(this.position - 1))) {
			this.position--;
		}
		return this.position < end;
	}

	private boolean quotedString() {
		int close = this.position - 1;
		if (backslashesBefore(close) % 2 == 1) {
			return false;
		}
		for (int i = close - 1; i >= 0; i--) {
			char character = this.line.charAt(i);
			if (character == '"') {
				int backslashes = backslashesBefore(i);
				if (backslashes % 2 == 0) {
					this.position = i;
					return true;
				}
				i -= backslashes;
			}
			else if ((character < ' ' && character != '\t') || character == 0x7F) {
				return false;
			}
		}
		return false;
	}

	private int backslashesBefore(int index) {
		int first = index;
		while (first > 0 && this.line.charAt(first - 1) == '\\') {
			first--;
		}
		return index - first;
	}

	/**
	 * Returns the content of a quoted string, without the backslashes that escape.
	 */
	private String unquoted(int start, int end) {
		StringBuilder text = new StringBuilder(LONGEST_NODE);
		for (int i = start; i < end; i++) {
			i += (this.line.charAt(i) == '\\') ? 1 : 0;
			if (text.length() == LONGEST_NODE) {
				return ""; // no address is as long
			}
			text.append(this.line.charAt(i));
		}
		return text.toString();
	}

	private void skipSpaces() {
		while (before(' ') || before('\t')) {
			this.position--;
		}
	}

	private boolean before(char character) {
		return this.position > 0 && this.line.charAt(this.position - 1) == character;
	}

	private static boolean inToken(char character) {
		return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
				|| (character >= '0' && character <= '9') || "!#$%&'*+-.^_`|~".indexOf(character) >= 0;
	}

	/**
	 * Returns the address of a node; {@code unknown} and obfuscated names have none.
	 */
	private static byte @Nullable [] address(String node) {
		boolean v6 = node.startsWith("[");
		int end = v6 ? node.indexOf(']') + 1 : node.indexOf(':');
		if (end < 0) {
			return IpAddress.literalV4(node, 0, node.length());
		}
		if (end < node.length() && !port(node, end)) {
			return null;
		}
		return v6 ? IpAddress.canonical(IpAddress.literalV6(node.substring(1, Math.max(1, end - 1))))
				: IpAddress.literalV4(node, 0, end);
	}

	private static boolean port(String node, int colon) {
		if (node.charAt(colon) != ':' || colon + 1 == node.length()) {
			return false;
		}
		if (node.charAt(colon + 1) != '_') {
			return IpAddress.port(node, colon + 1);
		}
		for (int i = colon + 2; i < node.length(); i++) {
			char character = node.charAt(i);
			if (!inToken(character) || "!#$%&'*+^`|~".indexOf(character) >= 0) {
				return false;
			}
		}
		return colon + 2 < node.length();
	}

}
