package io.ratelimit.it.web;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;

/**
 * Forms as browsers send them.
 */
final class Forms {

	static final String BOUNDARY = "----boundary";

	static final String MULTIPART = "multipart/form-data; boundary=" + BOUNDARY;

	static final String URL_ENCODED = "application/x-www-form-urlencoded";

	private Forms() {
	}

	static Answer urlEncoded(Application application, String path, String form) {
		return application.post(path, form, "Content-Type", URL_ENCODED);
	}

	static Answer multipart(Application application, String path, String user) {
		String body = "--%s\r\nContent-Disposition: form-data; name=\"username\"\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n%s\r\n--%s--\r\n"
			.formatted(BOUNDARY, user, BOUNDARY);
		return application.post(path, body, "Content-Type", MULTIPART);
	}

}
