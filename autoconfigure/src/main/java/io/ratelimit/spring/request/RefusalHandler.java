package io.ratelimit.spring.request;

import java.io.IOException;
import java.util.Set;

/**
 * Writes the body of a refusal. A bean of this type replaces what is written by default,
 * for all policies or for {@linkplain #forPolicies some}. Must be safe for use by many
 * threads.
 */
@FunctionalInterface
public interface RefusalHandler {

	/**
	 * Writes the body. The status and all header fields are set; the response is not
	 * committed.
	 * @param refusal what is refused, and why
	 * @param request the request
	 * @param response the response
	 * @throws IOException if the client has gone away
	 */
	void handle(Refusal refusal, LimitedRequest request, LimitedResponse response) throws IOException;

	/**
	 * Returns the policies whose refusals are written by this handler. Where several
	 * policies refuse it is the one with the longest wait that counts.
	 * @return names of policies; none for those that no other handler names
	 */
	default Set<String> policies() {
		return Set.of();
	}

	/**
	 * Returns a handler for some policies, to be a bean beside others.
	 * @param handler the handler that writes
	 * @param policies names of the policies, at least one
	 * @return a handler for these policies
	 * @throws IllegalArgumentException if there is no policy
	 */
	static RefusalHandler forPolicies(RefusalHandler handler, String... policies) {
		return new PolicyRefusalHandler(handler, Set.of(policies));
	}

	/**
	 * Returns the handler that writes problem details (RFC 9457), to delegate to. What is
	 * written by default is that, and a page for people: it is the bean
	 * {@code io.ratelimit.refusalHandler}.
	 * @return a handler
	 */
	static RefusalHandler problemDetails() {
		return new ProblemRefusalHandler();
	}

}
