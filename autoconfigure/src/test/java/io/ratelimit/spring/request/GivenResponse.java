package io.ratelimit.spring.request;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A response whose header fields a test reads.
 */
record GivenResponse(Map<String, String> fields) implements LimitedResponse {

	GivenResponse() {
		this(new LinkedHashMap<>());
	}

	@Nullable String field(String name) {
		return this.fields.get(name);
	}

	@Override
	public void setHeader(String name, String value) {
		this.fields.put(name, value);
	}

	@Override
	public void write(String contentType, byte[] body) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <T> T unwrap(Class<T> type) {
		return type.cast(this);
	}

}
