package io.ratelimit.spring.test;

import java.time.Duration;
import java.util.Map;

import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on what a response says of limits.
 */
public class RateLimitAssert extends AbstractAssert<RateLimitAssert, Object> {

	static final int TOO_MANY_REQUESTS = 429;

	private final Answer answer;

	RateLimitAssert(Answer answer) {
		super(answer, RateLimitAssert.class);
		this.answer = answer;
	}

	/**
	 * Verifies that the request was refused by a limit, with status 429.
	 * @return an assertion on the refusal
	 */
	public RefusalAssert isRateLimited() {
		return isRateLimited(TOO_MANY_REQUESTS);
	}

	/**
	 * Verifies that the request was refused by a limit.
	 * @param status the status of {@code ratelimit.http.status}
	 * @return an assertion on the refusal
	 */
	public RefusalAssert isRateLimited(int status) {
		if (this.answer.status() != status) {
			failWithMessage("%nExpected a refusal with status %s, but the response was%n  %s%s", status, this.answer,
					unlimited());
		}
		return new RefusalAssert(this.answer);
	}

	/**
	 * Verifies that the request was not refused with status 429.
	 * @return this assertion
	 */
	public RateLimitAssert isNotRateLimited() {
		if (this.answer.status() == TOO_MANY_REQUESTS) {
			failWithMessage("%nExpected no refusal, but the response was%n  %s", this.answer);
		}
		return this;
	}

	/**
	 * Verifies what is left of the limit that the header fields tell of: the one that
	 * binds.
	 * @param limit name of the limit in header fields: that of its policy, if the policy
	 * has one limit
	 * @param permits number of permits
	 * @return this assertion
	 */
	public RateLimitAssert hasRemaining(String limit, long permits) {
		Map<String, Long> remaining = this.answer.remaining();
		if (!Long.valueOf(permits).equals(remaining.get(limit))) {
			failWithMessage("%nExpected %s remaining permits of '%s', but the response was%n  %s%s", permits, limit,
					this.answer, unlimited());
		}
		return this;
	}

	/**
	 * Verifies what is left of the limit that binds, where the style of the header fields
	 * names none, or there is one limit only.
	 * @param permits number of permits
	 * @return this assertion
	 */
	public RateLimitAssert hasRemaining(long permits) {
		Map<String, Long> remaining = this.answer.remaining();
		if (remaining.size() != 1 || !remaining.containsValue(permits)) {
			failWithMessage("%nExpected %s remaining permits, but the response was%n  %s%s", permits, this.answer,
					unlimited());
		}
		return this;
	}

	/**
	 * Verifies that no header field tells of limits: the request was not limited, or the
	 * fields are switched off.
	 * @return this assertion
	 */
	public RateLimitAssert hasNoRateLimitFields() {
		if (this.answer.field("RateLimit-Policy") != null || !this.answer.remaining().isEmpty()) {
			failWithMessage("%nExpected no header fields of limits, but the response was%n  %s", this.answer);
		}
		return this;
	}

	/**
	 * Returns what may be so where nothing in the response tells of a limit.
	 */
	private String unlimited() {
		boolean told = this.answer.field("RateLimit-Policy") != null || !this.answer.remaining().isEmpty();
		return told ? ""
				: """
						%nNothing in it tells of a limit: no policy guards the request, limits are switched off \
						(@WithoutRateLimits, ratelimit.enabled, a policy's mode), this is a slice without \
						@AutoConfigureRateLimits, or ratelimit.http.headers is 'none'. The logger ratelimit.decisions tells which \
						at level DEBUG."""
					.formatted();
	}

	/**
	 * Assertions on a refusal.
	 */
	public static final class RefusalAssert extends RateLimitAssert {

		private final Answer refusal;

		private RefusalAssert(Answer refusal) {
			super(refusal);
			this.refusal = refusal;
		}

		/**
		 * Verifies when to come back, to the second.
		 * @param time what {@code Retry-After} says, in whole seconds
		 * @return this assertion
		 */
		public RefusalAssert retryAfter(Duration time) {
			return retryAfterBetween(time, time);
		}

		/**
		 * Verifies when to come back, where that depends on how long the test has run.
		 * @param least shortest time that {@code Retry-After} may say
		 * @param most longest time
		 * @return this assertion
		 */
		public RefusalAssert retryAfterBetween(Duration least, Duration most) {
			String seconds = this.refusal.field("Retry-After");
			Duration time = (seconds != null) ? Duration.ofSeconds(Long.parseLong(seconds)) : null;
			if (time == null || time.compareTo(least) < 0 || time.compareTo(most) > 0) {
				failWithMessage("%nExpected a Retry-After of %s s, but the response was%n  %s",
						least.equals(most) ? least.toSeconds() : least.toSeconds() + " to " + most.toSeconds(),
						this.refusal);
			}
			return this;
		}

		/**
		 * Verifies which limit has refused.
		 * @param limit name of the limit in header fields: that of its policy, if the
		 * policy has one limit
		 * @return this assertion
		 */
		public RefusalAssert by(String limit) {
			if (!this.refusal.remaining().containsKey(limit)) {
				failWithMessage("%nExpected a refusal by '%s', but the response was%n  %s", limit, this.refusal);
			}
			return this;
		}

	}

}
