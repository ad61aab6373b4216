package io.ratelimit.spring.request;

import java.util.List;
import java.util.function.BiConsumer;

import io.ratelimit.Decision;

/**
 * A style of header fields, for responses of any kind.
 */
@FunctionalInterface
interface HeaderFields {

	/**
	 * Sets the fields.
	 * @param decisions every decision on the request so far
	 * @param response sets a field by name and value
	 */
	void write(List<Decision> decisions, BiConsumer<String, String> response);

}
