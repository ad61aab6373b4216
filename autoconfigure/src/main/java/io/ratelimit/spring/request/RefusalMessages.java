package io.ratelimit.spring.request;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.ratelimit.Decision;

/**
 * What a client that is refused is answered, where there are no servlets. Safe for use by
 * many threads.
 */
public final class RefusalMessages {

	private final ProblemDetails details = new ProblemDetails();

	private final RateLimitHeaders headers;

	private final int status;

	/**
	 * Creates messages.
	 * @param style style of the header fields
	 * @param xReset what {@code X-RateLimit-Reset} holds
	 * @param shadow whether to tell of policies in shadow mode too
	 * @param status status for a client over its limit
	 */
	public RefusalMessages(HeaderStyle style, HeaderStyle.XReset xReset, boolean shadow, int status) {
		this.headers = style.headers(InstantSource.system(), xReset, shadow);
		this.status = status;
	}

	/**
	 * Returns the message for a request that is refused.
	 * @param decisions the decisions, at least one of which
	 * {@linkplain Decision#refuses() refuses}
	 * @param path path of the request
	 * @return the message
	 */
	public Message of(List<Decision> decisions, String path) {
		Refusal refusal = Refusal.of(decisions, this.status);
		Map<String, String> fields = new LinkedHashMap<>();
		this.headers.write(new FieldsOnly(fields), decisions);
		long retryAfter = refusal.retryAfter();
		if (retryAfter > 0) {
			fields.put("Retry-After", Long.toString(retryAfter));
		}
		fields.put("Cache-Control", "no-store");
		fields.put("Content-Type", ProblemDetails.TYPE);
		return new Message(refusal.status(), fields, this.details.json(refusal, path));
	}

	/**
	 * A response.
	 *
	 * @param status its status
	 * @param fields its header fields
	 * @param body its body, to be sent as UTF-8
	 */
	public record Message(int status, Map<String, String> fields, String body) {

		public Message {
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
