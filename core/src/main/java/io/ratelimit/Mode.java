package io.ratelimit;

/**
 * What becomes of a policy's decisions.
 */
public enum Mode {

	/**
	 * A claim that the policy denies is refused. The default.
	 */
	ENFORCE,

	/**
	 * Decides, counts and reports as if it were enforced, and refuses nothing.
	 */
	SHADOW,

	/**
	 * Neither decides nor counts.
	 */
	OFF

}
