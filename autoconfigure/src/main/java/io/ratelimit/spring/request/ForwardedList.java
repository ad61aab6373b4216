package io.ratelimit.spring.request;

import org.jspecify.annotations.Nullable;

/**
 * One line of a forwarding header, read from the right: the element that the nearest
 * proxy has appended comes first. Elements are read one at a time, and what an element
 * says never depends on the text to the left of it, which may be a client's.
 */
interface ForwardedList {

	/**
	 * Moves to the next element to the left.
	 * @return whether there is one
	 */
	boolean next();

	/**
	 * Returns the address in the current element.
	 * @return the address, or {@code null} if the element is malformed or names none.
	 * What stands to the left of such an element must not be read
	 */
	byte @Nullable [] address();

}
