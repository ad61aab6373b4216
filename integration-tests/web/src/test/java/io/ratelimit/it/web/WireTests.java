package io.ratelimit.it.web;

import java.time.Duration;
import java.time.Instant;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.spring.request.RefusalHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What clients are told.
 */
class WireTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void everyLimitIsAnnouncedAndTheOneThatBindsIsTold() {
		start("10/1s, 1000/1h");
		Answer first = this.application.get("/api/hello");
		assertThat(first.header("RateLimit-Policy")).isEqualTo("\"api-1s\";q=10;w=1, \"api-1h\";q=1000;w=3600");
		assertThat(first.header("RateLimit")).isEqualTo("\"api-1s\";r=9;t=1");
		assertThat(first.header("Retry-After")).isEmpty();
		for (int second = 0; second < 100; second++) {
			this.application.clock().advance(Duration.ofSeconds(1));
			this.application.get("/api/hello");
		}
		assertThat(this.application.get("/api/hello").header("RateLimit")).isEqualTo("\"api-1s\";r=8;t=1");
	}

	@Test
	void aRefusalSaysWhenToComeBackAndThatIsTrue() {
		start("5/1m");
		assertThat(this.application.statuses(5, "/api/hello")).containsOnly(200);
		this.application.clock().advance(Duration.ofMillis(10_500));
		Answer refused = this.application.get("/api/hello");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("50");
		assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"api\";q=5;w=60");
		assertThat(refused.header("RateLimit")).isEqualTo("\"api\";r=0;t=50");
		assertThat(refused.header("Cache-Control")).isEqualTo("no-store");
		assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(refused.header("Content-Length")).isEqualTo(Integer.toString(refused.body().length()));
		assertThat(refused.body().replace("\\/", "/"))
			.isEqualTo("{\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\","
					+ "\"title\":\"Too Many Requests\",\"status\":429,"
					+ "\"detail\":\"Too many requests; try again in 50 seconds.\",\"instance\":\"/api/hello\","
					+ "\"violated-policies\":[\"api\"]}");
		this.application.clock().advance(Duration.ofMillis(49_499));
		assertThat(this.application.get("/api/hello").status()).isEqualTo(429);
		this.application.clock().advance(Duration.ofMillis(1));
		assertThat(this.application.get("/api/hello").status()).isEqualTo(200);
	}

	@Test
	void retryAfterIsAtLeastASecond() {
		start("1/100ms");
		this.application.get("/api/hello");
		Answer refused = this.application.get("/api/hello");
		assertThat(refused.header("Retry-After")).isEqualTo("1");
		assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"api\";q=1;w=1");
	}

	@Test
	void limitsOfAPolicyThatBothRefuseAreBothTold() {
		start("2/1s, 2/1h");
		this.application.statuses(2, "/api/hello");
		Answer refused = this.application.get("/api/hello");
		assertThat(refused.header("RateLimit")).isEqualTo("\"api-1h\";r=0;t=3600, \"api-1s\";r=0;t=1");
		assertThat(refused.header("Retry-After")).isEqualTo("3600");
		assertThat(refused.body()).contains("[\"api-1h\",\"api-1s\"]");
	}

	@Test
	void timeTeachesNoHigherRateThanThePolicys() {
		start("100/1m");
		this.application.clock().advance(Duration.ofSeconds(59));
		Answer answer = this.application.get("/api/hello");
		assertThat(answer.header("RateLimit")).isEqualTo("\"api\";r=99;t=61");
		for (int i = 0; i < 99; i++) {
			answer = this.application.get("/api/hello");
		}
		assertThat(answer.header("RateLimit")).isEqualTo("\"api\";r=0;t=61");
	}

	@Test
	void timeAndRetryAfterAgreeWhereMoreIsAskedForThanIsLeft() {
		start("10/100s", "ratelimit.policies.api.cost=#request.getIntHeader('X-Cost')");
		this.application.get("/api/hello", "X-Cost", "2");
		this.application.clock().advance(Duration.ofSeconds(98));
		assertThat(this.application.get("/api/hello", "X-Cost", "4").header("RateLimit")).isEqualTo("\"api\";r=4;t=40");
		Answer refused = this.application.get("/api/hello", "X-Cost", "5");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("2");
		assertThat(refused.header("RateLimit")).isEqualTo("\"api\";r=0;t=2");
		this.application.clock().advance(Duration.ofSeconds(2));
		assertThat(this.application.get("/api/hello", "X-Cost", "5").status()).isEqualTo(200);
		Answer never = this.application.get("/api/hello", "X-Cost", "11");
		assertThat(never.status()).isEqualTo(429);
		assertThat(never.header("Retry-After")).isEmpty();
	}

	@Test
	void aRequestThatIsRefusedForWantOfAKeyHasNothingLeftOfNoQuota() {
		start("5/1m", "ratelimit.policies.api.key=header:X-Api-Key", "ratelimit.policies.api.missing-key=deny");
		Answer refused = this.application.get("/api/hello");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"api\";q=5;w=60");
		assertThat(refused.header("RateLimit")).isEmpty();
		assertThat(refused.header("Retry-After")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "draft", "draft-06", "x-ratelimit", "none" })
	void aHundredAndTwentyPoliciesDoNotBreakTheResponse(String style) {
		String[] properties = new String[241];
		properties[0] = "ratelimit.http.headers=" + style;
		for (int i = 0; i < 120; i++) {
			String policy = "ratelimit.policies.a-policy-with-quite-a-long-name-that-says-what-it-is-for-" + i;
			properties[1 + 2 * i] = policy + ".limits=1/1h";
			properties[2 + 2 * i] = policy + ".paths=/api/**";
		}
		start("2/1m", properties);
		Answer answer = this.application.get("/api/hello");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello").status()).isEqualTo(429);
		Answer refused = this.application.get("/api/hello");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("3600");
		assertThat(refused.headers().map().values())
			.allSatisfy((values) -> assertThat(values).allSatisfy((value) -> assertThat(value).hasSizeLessThan(2100)));
		if (style.equals("draft")) {
			assertThat(refused.header("RateLimit")).contains(";r=0;t=3600").hasSizeGreaterThan(1900);
		}
	}

	@Test
	void draft06() {
		start("10/1s, 1000/1h", "ratelimit.http.headers=draft-06");
		Answer answer = this.application.get("/api/hello");
		assertThat(answer.header("RateLimit-Limit")).isEqualTo("10");
		assertThat(answer.header("RateLimit-Remaining")).isEqualTo("9");
		assertThat(answer.header("RateLimit-Reset")).isEqualTo("1");
		assertThat(answer.header("RateLimit-Policy")).isEqualTo("10;w=1, 1000;w=3600");
		assertThat(answer.header("RateLimit")).isEmpty();
	}

	@Test
	void xRateLimit() {
		start("2/1m", "ratelimit.http.headers=x-ratelimit");
		long before = Instant.now().getEpochSecond();
		Answer answer = this.application.get("/api/hello");
		assertThat(answer.header("X-RateLimit-Limit")).isEqualTo("2");
		assertThat(answer.header("X-RateLimit-Remaining")).isEqualTo("1");
		assertThat(Long.parseLong(answer.header("X-RateLimit-Reset"))).isBetween(before + 60, before + 75);
		assertThat(answer.header("RateLimit-Policy")).isEmpty();
	}

	@Test
	void xRateLimitWithDelta() {
		start("2/1m", "ratelimit.http.headers=x-ratelimit", "ratelimit.http.x-reset=delta");
		assertThat(this.application.get("/api/hello").header("X-RateLimit-Reset")).isEqualTo("60");
	}

	@Test
	void noHeaders() {
		start("1/1m", "ratelimit.http.headers=none");
		assertThat(this.application.get("/api/hello").headers().map().keySet())
			.noneMatch((name) -> name.contains("ratelimit"));
		Answer refused = this.application.get("/api/hello");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("60");
		assertThat(refused.headers().map().keySet()).noneMatch((name) -> name.contains("ratelimit"));
	}

	@Test
	void anotherStatus() {
		start("1/1m", "ratelimit.http.status=420");
		this.application.get("/api/hello");
		Answer refused = this.application.get("/api/hello");
		assertThat(refused.status()).isEqualTo(420);
		assertThat(refused.body()).contains("\"status\":420");
	}

	@Test
	void headHasHeadersAndNoBody() {
		start("1/1m");
		assertThat(this.application.send("HEAD", "/api/hello", "").header("RateLimit")).isEqualTo("\"api\";r=0;t=60");
		Answer refused = this.application.send("HEAD", "/api/hello", "");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("60");
		assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(refused.body()).isEmpty();
	}

	@Test
	void notModifiedHasHeaders() {
		start("2/1m");
		Answer answer = this.application.get("/api/not-modified");
		assertThat(answer.status()).isEqualTo(304);
		assertThat(answer.header("RateLimit")).isEqualTo("\"api\";r=1;t=60");
	}

	@Test
	void errorsHaveHeaders() {
		start("9/1m");
		assertThat(this.application.get("/api/error").header("RateLimit")).startsWith("\"api\";r=8");
		assertThat(this.application.get("/api/failing").header("RateLimit")).startsWith("\"api\";r=7");
		assertThat(this.application.get("/api/missing").header("RateLimit")).startsWith("\"api\";r=6");
	}

	@Test
	void aResponseThatIsCommittedEarlyIsWhole() {
		start("2/1m");
		Answer answer = this.application.get("/api/large");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body()).hasSize(100_000);
		assertThat(answer.header("RateLimit")).isEqualTo("\"api\";r=1;t=60");
	}

	@Test
	void theBodyOfARefusalCanBeReplaced() {
		this.application = Application.start(OwnBody.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**");
		this.application.get("/api/hello");
		Answer refused = this.application.get("/api/hello");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("60");
		assertThat(refused.header("RateLimit")).isEqualTo("\"api\";r=0;t=60");
		assertThat(refused.body()).isEqualTo("slow down: [api]");
	}

	private void start(String limits, String... properties) {
		String[] all = new String[properties.length + 2];
		all[0] = "ratelimit.policies.api.limits=" + limits;
		all[1] = "ratelimit.policies.api.paths=/api/**";
		System.arraycopy(properties, 0, all, 2, properties.length);
		this.application = Application.start(Api.class, all);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Api.ApiController.class)
	static class OwnBody {

		@Bean
		RefusalHandler refusalHandler() {
			return (refusal, request, response) -> response.write("text/plain",
					"slow down: " + refusal.violatedPolicies());
		}

	}

}
