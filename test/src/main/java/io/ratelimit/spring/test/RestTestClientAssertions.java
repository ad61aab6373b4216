package io.ratelimit.spring.test;

import org.springframework.test.web.servlet.client.ExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;

/**
 * Assertions on what a response says of limits, for Spring's {@code RestTestClient},
 * which there is from Spring Boot 4.0 on.
 */
public final class RestTestClientAssertions {

	private RestTestClientAssertions() {
	}

	/**
	 * Begins an assertion on a response.
	 * @param response the response
	 * @return an assertion
	 */
	public static RateLimitAssert assertThatResponse(RestTestClient.ResponseSpec response) {
		return assertThatResponse(response.returnResult());
	}

	/**
	 * Begins an assertion on a response.
	 * @param result what was exchanged
	 * @return an assertion
	 */
	public static RateLimitAssert assertThatResponse(ExchangeResult result) {
		return RateLimitAssertions.assertThatResponse(result.getStatus(), result.getResponseHeaders());
	}

}
