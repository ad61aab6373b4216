package io.ratelimit.it.tests;

import java.time.Duration;

import io.ratelimit.spring.test.RateLimitTester;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.client.RestTestClient;

import static io.ratelimit.spring.test.RestTestClientAssertions.assertThatResponse;

/**
 * Spring's newest client tells of limits.
 */
@SpringBootTest
@WithMockMvc
class RestTestClientTests {

	private final RestTestClient client;

	private final RateLimitTester limits;

	RestTestClientTests(@Autowired MockMvc mvc, @Autowired RateLimitTester limits) {
		this.client = RestTestClient.bindTo(mvc).build();
		this.limits = limits;
	}

	@Test
	void tellsOfLimits() {
		this.limits.stopTime();
		assertThatResponse(this.client.get().uri("/quote").exchange()).isNotRateLimited().hasRemaining("quotes", 9);
		this.limits.exhaust("quotes", "127.0.0.1");
		assertThatResponse(this.client.get().uri("/quote").exchange()).isRateLimited()
			.by("quotes")
			.retryAfter(Duration.ofMinutes(1));
	}

}
