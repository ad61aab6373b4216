package io.ratelimit.spring.request;

import java.util.ArrayList;
import java.util.List;

import io.ratelimit.Decision;

/**
 * A request that is refused. Immutable.
 */
public final class Refusal {

	private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

	private static final int SERVICE_UNAVAILABLE = 503;

	private final int status;

	private final String type;

	private final String title;

	private final String detail;

	private final List<String> violatedPolicies;

	private final List<Decision> decisions;

	private Refusal(int status, String type, String title, String detail, List<String> violatedPolicies,
			List<Decision> decisions) {
		this.status = status;
		this.type = type;
		this.title = title;
		this.detail = detail;
		this.violatedPolicies = List.copyOf(violatedPolicies);
		this.decisions = List.copyOf(decisions);
	}

	/**
	 * Returns the refusal that decisions come to.
	 * @param decisions the decisions, at least one of which
	 * {@linkplain Decision#refuses() refuses}
	 * @param status status for a client over its limit
	 * @return the refusal
	 */
	public static Refusal of(List<Decision> decisions, int status) {
		List<String> names = new ArrayList<>(2);
		boolean counted = false;
		for (Decision decision : decisions) {
			if (decision.refuses()) {
				counted |= decision.counted();
				for (Decision link = decision; link != null; link = link.next()) {
					names.add(link.policy().nameOf(link.limit()));
				}
			}
		}
		if (!counted) {
			return new Refusal(SERVICE_UNAVAILABLE, TYPES + "temporary-reduced-capacity", "Service Unavailable",
					"Requests cannot be counted at the moment, and are refused until they can.", names, decisions);
		}
		long retryAfter = retryAfter(decisions);
		String detail = (retryAfter > 0) ? "Too many requests; try again in " + WaitText.of(retryAfter) + "."
				: "This request can not be granted, however long one waits.";
		return new Refusal(status, TYPES + "quota-exceeded", (status == 429) ? "Too Many Requests" : "Quota Exceeded",
				detail, names, decisions);
	}

	/**
	 * Returns the status of the response, which is already set.
	 * @return a status of HTTP
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Returns the type of the problem.
	 * @return a URI
	 */
	public String type() {
		return this.type;
	}

	/**
	 * Returns what the status means.
	 * @return a short text
	 */
	public String title() {
		return this.title;
	}

	/**
	 * Returns what to tell a human.
	 * @return a sentence, which never contains a key
	 */
	public String detail() {
		return this.detail;
	}

	/**
	 * Returns which limits refused.
	 * @return their names, as in the header fields
	 */
	public List<String> violatedPolicies() {
		return this.violatedPolicies;
	}

	/**
	 * Returns every decision on the request.
	 * @return the decisions, of which at least one refuses
	 */
	public List<Decision> decisions() {
		return this.decisions;
	}

	/**
	 * Returns the refusal as problem details (RFC 9457).
	 * @param path path of the request
	 * @return the JSON
	 */
	public String problemDetails(String path) {
		return ProblemDetails.json(this, path);
	}

	/**
	 * Returns the longest wait of all that refused.
	 * @return the wait in seconds; 0 if waiting is of no use
	 */
	public long retryAfter() {
		return retryAfter(this.decisions);
	}

	private static long retryAfter(List<Decision> decisions) {
		long longest = 0;
		for (Decision decision : decisions) {
			if (decision.refuses()) {
				longest = Math.max(longest, decision.retryAfterNanos());
			}
		}
		return (longest == Decision.NEVER) ? 0 : Math.max(1, Quota.seconds(longest));
	}

}
