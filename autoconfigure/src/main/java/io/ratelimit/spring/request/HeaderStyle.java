package io.ratelimit.spring.request;

import java.time.InstantSource;

/**
 * Styles of header fields.
 */
enum HeaderStyle {

	/**
	 * {@code RateLimit-Policy} and {@code RateLimit}, as in the latest Internet-Draft.
	 * The default.
	 */
	DRAFT,

	/**
	 * {@code RateLimit-Limit}, {@code RateLimit-Remaining}, {@code RateLimit-Reset} and
	 * {@code RateLimit-Policy}, as in the sixth draft.
	 */
	DRAFT_06,

	/**
	 * {@code X-RateLimit-Limit}, {@code X-RateLimit-Remaining} and
	 * {@code X-RateLimit-Reset}.
	 */
	X_RATELIMIT,

	/**
	 * No fields but {@code Retry-After}.
	 */
	NONE;

	/**
	 * Returns the writer of this style.
	 * @param clock tells the time of day, for resets at a moment
	 * @param xReset what {@code X-RateLimit-Reset} holds
	 * @param shadow whether to tell of policies in shadow mode too
	 * @return a writer
	 */
	public RateLimitHeaders headers(InstantSource clock, XReset xReset, boolean shadow) {
		RateLimitHeaders headers = headers(clock, xReset);
		return shadow ? new ShadowHeaders(headers) : headers;
	}

	private RateLimitHeaders headers(InstantSource clock, XReset xReset) {
		return switch (this) {
			case DRAFT -> new DraftHeaders();
			case DRAFT_06 -> new Draft06Headers();
			case X_RATELIMIT -> new XRateLimitHeaders(clock, xReset);
			case NONE -> (response, decisions) -> {
			};
		};
	}

	/**
	 * What {@code X-RateLimit-Reset} holds.
	 */
	public enum XReset {

		/** A moment, in seconds since the epoch. The default. */
		EPOCH,

		/** Seconds from now. */
		DELTA

	}

}
