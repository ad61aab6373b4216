package io.ratelimit.spring.observe;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;

/**
 * Why the endpoint does not do what it was asked for, as problem details (RFC 9457).
 *
 * @param title what kind of problem it is
 * @param status status of the answer
 * @param detail what is wrong, and what to write instead
 */
record Problem(String title, int status, String detail) implements OperationResponseBody {

	private static final MimeType TYPE = new MimeType("application", "problem+json");

	static WebEndpointResponse<Object> badRequest(String detail) {
		return new Problem("Bad Request", WebEndpointResponse.STATUS_BAD_REQUEST, detail).response();
	}

	static WebEndpointResponse<Object> notFound(String detail) {
		return new Problem("Not Found", WebEndpointResponse.STATUS_NOT_FOUND, detail).response();
	}

	static WebEndpointResponse<Object> unavailable(String detail) {
		return new Problem("Service Unavailable", WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, detail).response();
	}

	private WebEndpointResponse<Object> response() {
		return new WebEndpointResponse<>(this, this.status, TYPE);
	}

}
