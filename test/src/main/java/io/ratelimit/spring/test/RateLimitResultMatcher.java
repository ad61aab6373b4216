package io.ratelimit.spring.test;

import java.time.Duration;
import java.util.function.Consumer;

import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.ResultMatcher;

/**
 * Expectation on what a response says of limits, for {@code MockMvc}:
 * {@code andExpect(isRateLimited().by("login"))}. Immutable.
 */
public final class RateLimitResultMatcher implements ResultMatcher {

	private final Consumer<RateLimitAssert> expectation;

	private RateLimitResultMatcher(Consumer<RateLimitAssert> expectation) {
		this.expectation = expectation;
	}

	/**
	 * Expects a refusal by a limit, with status 429.
	 * @return the expectation
	 */
	public static RateLimitResultMatcher isRateLimited() {
		return new RateLimitResultMatcher(RateLimitAssert::isRateLimited);
	}

	/**
	 * Expects no refusal by a limit.
	 * @return the expectation
	 */
	public static RateLimitResultMatcher isNotRateLimited() {
		return new RateLimitResultMatcher(RateLimitAssert::isNotRateLimited);
	}

	/**
	 * Expects what is left of the limit that binds.
	 * @param limit name of the limit in header fields
	 * @param permits number of permits
	 * @return the expectation
	 */
	public static RateLimitResultMatcher hasRemaining(String limit, long permits) {
		return new RateLimitResultMatcher((response) -> response.hasRemaining(limit, permits));
	}

	/**
	 * Expects in addition when to come back, to the second.
	 * @param time what {@code Retry-After} says
	 * @return the expectation
	 */
	public RateLimitResultMatcher retryAfter(Duration time) {
		return and((response) -> response.isRateLimited().retryAfter(time));
	}

	/**
	 * Expects in addition a limit that has refused.
	 * @param limit name of the limit in header fields
	 * @return the expectation
	 */
	public RateLimitResultMatcher by(String limit) {
		return and((response) -> response.isRateLimited().by(limit));
	}

	@Override
	public void match(MvcResult result) {
		this.expectation.accept(new RateLimitAssert(Answer.of(result.getResponse())));
	}

	private RateLimitResultMatcher and(Consumer<RateLimitAssert> other) {
		return new RateLimitResultMatcher(this.expectation.andThen(other));
	}

}
