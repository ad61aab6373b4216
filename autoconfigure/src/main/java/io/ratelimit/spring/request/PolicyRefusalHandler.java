package io.ratelimit.spring.request;

import java.io.IOException;
import java.util.Set;

/**
 * Writes the refusals of some policies.
 *
 * @param handler writes them
 * @param policies names of the policies
 */
record PolicyRefusalHandler(RefusalHandler handler, Set<String> policies) implements RefusalHandler {

	PolicyRefusalHandler {
		if (policies.isEmpty()) {
			throw new IllegalArgumentException("a handler for no policies: name at least one");
		}
	}

	@Override
	public void handle(Refusal refusal, LimitedRequest request, LimitedResponse response) throws IOException {
		this.handler.handle(refusal, request, response);
	}

}
