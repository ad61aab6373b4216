package io.ratelimit.it.tests;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.ratelimit.spring.test.RateLimitAssert;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

import static io.ratelimit.spring.test.RateLimitAssertions.assertThatResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An assertion that fails shows what the response said.
 */
class AssertionTests {

	@Test
	void aRefusal() {
		RateLimitAssert refused = response(HttpStatus.TOO_MANY_REQUESTS,
				Map.of("Retry-After", "50", "RateLimit-Policy", "\"api-1s\";q=10;w=1, \"api-1h\";q=1000;w=3600",
						"RateLimit", "\"api-1s\";r=0;t=1, \"api-1h\";r=0;t=50"));
		refused.isRateLimited().retryAfter(Duration.ofSeconds(50)).by("api-1s").by("api-1h").hasRemaining("api-1h", 0);
		refused.isRateLimited().retryAfterBetween(Duration.ofSeconds(49), Duration.ofSeconds(51));
		fails(refused::isNotRateLimited, "Expected no refusal, but the response was", "status 429", "Retry-After: 50",
				"RateLimit: \"api-1s\";r=0;t=1");
		fails(() -> refused.isRateLimited().by("api"), "Expected a refusal by 'api', but the response was");
		fails(() -> refused.isRateLimited().retryAfter(Duration.ofSeconds(49)),
				"Expected a Retry-After of 49 s, but the response was");
		fails(() -> refused.isRateLimited(503), "Expected a refusal with status 503, but");
		fails(refused::hasNoRateLimitFields, "Expected no header fields of limits");
		fails(() -> refused.hasRemaining(0), "Expected 0 remaining permits, but");
	}

	@Test
	void aRefusalWithoutRetryAfter() {
		RateLimitAssert refused = response(HttpStatus.TOO_MANY_REQUESTS, Map.of());
		fails(() -> refused.isRateLimited().retryAfterBetween(Duration.ZERO, Duration.ofDays(1)),
				"Expected a Retry-After of 0 to 86400 s, but the response was", "status 429");
		refused.hasNoRateLimitFields();
	}

	@Test
	void whatIsLeft() {
		RateLimitAssert allowed = response(HttpStatus.OK,
				Map.of("RateLimit-Policy", "\"api\";q=10;w=60;pk=:AAAA,;r=1:", "RateLimit", "\"api\";r=9;t=7"));
		allowed.isNotRateLimited().hasRemaining("api", 9).hasRemaining(9);
		fails(allowed::isRateLimited, "Expected a refusal with status 429, but the response was", "status 200",
				"RateLimit: \"api\";r=9;t=7");
		fails(() -> allowed.hasRemaining("api", 8), "Expected 8 remaining permits of 'api', but");
		fails(() -> allowed.hasRemaining("ap", 9), "Expected 9 remaining permits of 'ap', but");
		fails(() -> allowed.hasRemaining(8), "Expected 8 remaining permits, but");
	}

	@Test
	void whatMayBeSoWhereNothingTellsOfALimit() {
		RateLimitAssert unlimited = response(HttpStatus.OK, Map.of());
		String[] messages = { "status 200", "Nothing in it tells of a limit: no policy guards the request",
				"@WithoutRateLimits", "@AutoConfigureRateLimits" };
		fails(unlimited::isRateLimited, messages);
		fails(() -> unlimited.hasRemaining("api", 9), messages);
		fails(() -> unlimited.hasRemaining(9), messages);
	}

	@Test
	void otherStyles() {
		response(HttpStatus.OK, Map.of("RateLimit-Remaining", "9", "RateLimit-Policy", "10;w=60")).hasRemaining(9);
		response(HttpStatus.OK, Map.of("X-RateLimit-Remaining", "9", "X-RateLimit-Limit", "10")).hasRemaining(9);
	}

	private static RateLimitAssert response(HttpStatus status, Map<String, String> fields) {
		HttpHeaders headers = new HttpHeaders();
		fields.forEach((name, value) -> headers.put(name, List.of(value)));
		return assertThatResponse(status, headers);
	}

	private static void fails(Runnable assertion, String... messages) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(assertion::run)
			.satisfies((failure) -> assertThat(failure.getMessage()).contains(messages));
	}

}
