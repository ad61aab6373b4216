package io.ratelimit.spring.test;

import java.net.http.HttpResponse;
import java.util.List;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/**
 * Assertions on what an HTTP response says of limits. For Spring's {@code RestTestClient}
 * see {@link RestTestClientAssertions}, and for {@code MockMvc} without AssertJ
 * {@link RateLimitResultMatcher}.
 */
public final class RateLimitAssertions {

	private RateLimitAssertions() {
	}

	/**
	 * Sends a request and begins an assertion on the response.
	 * @param request the request of a {@code MockMvcTester}
	 * @return an assertion
	 */
	public static RateLimitAssert assertThatResponse(MockMvcTester.MockMvcRequestBuilder request) {
		return assertThatResponse(request.exchange());
	}

	/**
	 * Begins an assertion on a response.
	 * @param result what a {@code MockMvcTester} has got
	 * @return an assertion
	 */
	public static RateLimitAssert assertThatResponse(MvcTestResult result) {
		return new RateLimitAssert(Answer.of(result.getMvcResult().getResponse()));
	}

	/**
	 * Begins an assertion on a response.
	 * @param response what a {@code TestRestTemplate} or a {@code RestClient} has got
	 * @return an assertion
	 */
	public static RateLimitAssert assertThatResponse(ResponseEntity<?> response) {
		return assertThatResponse(response.getStatusCode(), response.getHeaders());
	}

	/**
	 * Begins an assertion on a response.
	 * @param response what the HTTP client of the JDK has got
	 * @return an assertion
	 */
	public static RateLimitAssert assertThatResponse(HttpResponse<?> response) {
		return new RateLimitAssert(new Answer(response.statusCode(), response.headers()::allValues));
	}

	/**
	 * Begins an assertion on the response of any other client.
	 * @param status its status
	 * @param headers its header fields
	 * @return an assertion
	 */
	public static RateLimitAssert assertThatResponse(HttpStatusCode status, HttpHeaders headers) {
		// the only accessor that Spring 6 and 7 have in common
		return new RateLimitAssert(new Answer(status.value(), (name) -> {
			String value = headers.getFirst(name);
			return (value != null) ? List.of(value) : List.of();
		}));
	}

}
