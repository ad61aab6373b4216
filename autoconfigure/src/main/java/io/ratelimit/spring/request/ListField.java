package io.ratelimit.spring.request;

import java.util.Collection;

/**
 * A list as the value of a header field, of a length that every container can send: the
 * whole header of a response has 8 KB in some, and more than that is no response at all.
 */
final class ListField {

	static final int LONGEST = 2048;

	private static final String SEPARATOR = ", ";

	private ListField() {
	}

	/**
	 * Returns whether items have room beside each other.
	 */
	static boolean fits(Collection<String> items) {
		int length = 0;
		for (String item : items) {
			length += item.length() + SEPARATOR.length();
		}
		return length - SEPARATOR.length() <= LONGEST;
	}

	/**
	 * Returns the items up to the first that has no room.
	 */
	static String of(Collection<String> items) {
		StringBuilder list = new StringBuilder();
		for (String item : items) {
			int length = list.length() + (list.isEmpty() ? 0 : SEPARATOR.length()) + item.length();
			if (length > LONGEST) {
				break;
			}
			list.append(list.isEmpty() ? "" : SEPARATOR).append(item);
		}
		return list.toString();
	}

}
