package io.ratelimit.spring.request;

import java.io.IOException;

/**
 * Writes a refusal as problem details (RFC 9457).
 */
final class ProblemRefusalHandler implements RefusalHandler {

	@Override
	public void handle(Refusal refusal, LimitedRequest request, LimitedResponse response) throws IOException {
		response.write(ProblemDetails.TYPE, refusal.problemDetails(request.path()));
	}

}
