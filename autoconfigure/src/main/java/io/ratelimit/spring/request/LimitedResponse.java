package io.ratelimit.spring.request;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The response to a {@link LimitedRequest}, whichever kind of server sends it.
 * Applications are given such responses and do not implement them.
 */
public interface LimitedResponse {

	/**
	 * Sets a header field, in the place of one that is there already.
	 * @param name its name
	 * @param value its value
	 */
	void setHeader(String name, String value);

	/**
	 * Writes the whole body. The response to a {@code HEAD} request has its type and
	 * length only.
	 * @param contentType media type of the body
	 * @param body the body
	 * @throws IOException if the client has gone away
	 */
	void write(String contentType, byte[] body) throws IOException;

	/**
	 * Writes the whole body as UTF-8, and says so where a media type of texts does not.
	 * @param contentType media type of the body, such as {@code text/plain}
	 * @param body the body
	 * @throws IOException if the client has gone away
	 */
	default void write(String contentType, String body) throws IOException {
		String type = contentType.toLowerCase(Locale.ROOT);
		boolean unsaid = type.startsWith("text/") && !type.contains("charset=");
		write(unsaid ? contentType + ";charset=UTF-8" : contentType, body.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Returns the response of the server, for what this interface does not have.
	 * @param <T> the type of the server's response
	 * @param type its type: {@code HttpServletResponse} in servlet applications
	 * @return the server's response
	 * @throws IllegalArgumentException if it is not of that type
	 */
	<T> T unwrap(Class<T> type);

}
