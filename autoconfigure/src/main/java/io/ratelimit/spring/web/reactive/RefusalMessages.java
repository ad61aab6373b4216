package io.ratelimit.spring.web.reactive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.ratelimit.Decision;
import io.ratelimit.spring.request.LimitedResponse;
import io.ratelimit.spring.request.RateLimitHeaders;
import io.ratelimit.spring.request.Refusal;

/**
 * What a client that is refused is answered. Safe for use by many threads.
 */
final class RefusalMessages {

	private final RateLimitHeaders headers;

	private final Function<List<Decision>, Refusal> refusals;

	/**
	 * Creates messages.
	 * @param refusals returns the refusal that decisions come to
	 */
	RefusalMessages(RateLimitHeaders headers, Function<List<Decision>, Refusal> refusals) {
		this.headers = headers;
		this.refusals = refusals;
	}

	/**
	 * Returns the message for a request that is refused.
	 * @param decisions the decisions, at least one of which
	 * {@linkplain Decision#refuses() refuses}
	 * @param path path of the request
	 */
	Message of(List<Decision> decisions, String path) {
		Refusal refusal = this.refusals.apply(decisions);
		Map<String, String> fields = new LinkedHashMap<>();
		this.headers.write(new FieldsOnly(fields), decisions);
		long retryAfter = refusal.retryAfter();
		if (retryAfter > 0) {
			fields.put("Retry-After", Long.toString(retryAfter));
		}
		fields.put("Cache-Control", "no-store");
		fields.put("Content-Type", "application/problem+json");
		return new Message(refusal.status(), fields, refusal.problemDetails(path));
	}

	/**
	 * A response.
	 *
	 * @param status its status
	 * @param fields its header fields
	 * @param body its body, to be sent as UTF-8
	 */
	record Message(int status, Map<String, String> fields, String body) {

		Message {
			fields = Map.copyOf(fields);
		}

	}

	/**
	 * A response of which nothing but header fields is written.
	 */
	private record FieldsOnly(Map<String, String> fields) implements LimitedResponse {

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
			throw new IllegalArgumentException("there is no " + type.getName());
		}

	}

}
