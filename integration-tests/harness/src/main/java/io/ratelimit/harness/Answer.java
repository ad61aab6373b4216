package io.ratelimit.harness;

import java.net.http.HttpHeaders;

/**
 * A response.
 *
 * @param status its status
 * @param headers its header fields
 * @param body its body
 */
public record Answer(int status, HttpHeaders headers, String body) {

	/**
	 * Returns a header field.
	 * @param name its name
	 * @return its value; empty if there is none
	 */
	public String header(String name) {
		return String.join(", ", this.headers.allValues(name));
	}

}
