package io.ratelimit.it.tests;

import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static io.ratelimit.spring.test.RateLimitAssertions.assertThatResponse;

/**
 * What is asked of the application again and again.
 */
final class Quotes {

	private Quotes() {
	}

	/**
	 * Ten requests are allowed, and the eleventh is refused.
	 */
	static void tenAndNoMore(MockMvcTester mvc, String path, String limit) {
		for (int left = 9; left >= 0; left--) {
			assertThatResponse(mvc.get().uri(path)).isNotRateLimited().hasRemaining(limit, left);
		}
		assertThatResponse(mvc.get().uri(path)).isRateLimited().by(limit);
	}

	static void asManyAsOneLikes(MockMvcTester mvc, String path) {
		for (int i = 0; i < 30; i++) {
			assertThatResponse(mvc.get().uri(path)).isNotRateLimited().hasNoRateLimitFields();
		}
	}

}
