package io.ratelimit;

/**
 * What becomes of a claim when the store cannot answer.
 */
public enum FailureMode {

	/**
	 * The claim is let through and not counted. The default.
	 */
	ALLOW,

	/**
	 * The claim is refused.
	 */
	DENY,

	/**
	 * The claim is counted in process until the store answers again.
	 */
	LOCAL

}
