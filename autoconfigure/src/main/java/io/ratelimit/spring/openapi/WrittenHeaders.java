package io.ratelimit.spring.openapi;

import java.util.LinkedHashSet;
import java.util.Set;

import io.ratelimit.spring.request.LimitedResponse;

/**
 * A response that is not sent, for the names of its header fields.
 */
final class WrittenHeaders implements LimitedResponse {

	private final Set<String> names = new LinkedHashSet<>();

	/**
	 * Returns the names in the order in which they were set.
	 */
	Set<String> names() {
		return this.names;
	}

	@Override
	public void setHeader(String name, String value) {
		this.names.add(name);
	}

	@Override
	public void write(String contentType, byte[] body) {
	}

	@Override
	public <T> T unwrap(Class<T> type) {
		throw new IllegalArgumentException("there is no " + type.getName());
	}

}
