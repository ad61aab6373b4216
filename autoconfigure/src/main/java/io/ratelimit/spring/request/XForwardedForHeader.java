package io.ratelimit.spring.request;

import org.jspecify.annotations.Nullable;

/**
 * One line of {@code X-Forwarded-For}: addresses, perhaps with ports, and commas.
 */
final class XForwardedForHeader implements ForwardedList {

	private static final int LONGEST = 128;

	private final String line;

	/** Where the current element begins; the comma before it is at {@code start - 1}. */
	private int start;

	private int end;

	XForwardedForHeader(String line) {
		this.line = line;
		this.start = line.length() + 1;
	}

	@Override
	public boolean next() {
		if (this.start == 0) {
			return false;
		}
		this.end = this.start - 1;
		this.start = this.line.lastIndexOf(',', this.end - 1) + 1;
		return true;
	}

	@Override
	public byte @Nullable [] address() {
		int from = this.start;
		int to = this.end;
		while (from < to && isSpace(this.line.charAt(from))) {
			from++;
		}
		while (from < to && isSpace(this.line.charAt(to - 1))) {
			to--;
		}
		return (to - from <= LONGEST) ? IpAddress.parse(this.line.substring(from, to)) : null;
	}

	private static boolean isSpace(char character) {
		return character == ' ' || character == '\t';
	}

}
