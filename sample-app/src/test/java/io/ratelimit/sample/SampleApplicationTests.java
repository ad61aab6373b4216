package io.ratelimit.sample;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;

import static io.ratelimit.sample.SampleClient.header;
import static io.ratelimit.sample.SampleClient.times;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every limit of the application, over HTTP.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = "management.prometheus.metrics.export.enabled=true") // off in tests
																			// up to
																			// Spring Boot
																			// 3.5
@ExtendWith(OutputCaptureExtension.class)
class SampleApplicationTests {

	@Autowired
	private HandClock clock;

	private SampleClient anybody;

	private SampleClient alice;

	private SampleClient bob;

	@BeforeEach
	void start(@Value("${local.server.port}") int port) {
		this.anybody = new SampleClient(port);
		this.alice = this.anybody.as("alice");
		this.bob = this.anybody.as("bob");
		this.clock.forget();
	}

	@Test
	void tenQuotesAreHadInTenSecondsAndNoMore() throws Exception {
		for (int left = 9; left >= 0; left--) {
			HttpResponse<String> quote = this.anybody.get("/api/quotes/random");
			assertThat(quote.statusCode()).isEqualTo(200);
			assertThat(quote.body()).contains("\"text\":", "\"source\":");
			assertThat(header(quote, "RateLimit-Policy"))
				.isEqualTo("\"quotes-10s\";q=10;w=10, \"quotes-1h\";q=100;w=3600");
			assertThat(header(quote, "RateLimit")).startsWith("\"quotes-10s\";r=" + left + ";");
		}
		this.clock.advance(Duration.ofSeconds(3));
		HttpResponse<String> refused = this.anybody.get("/api/quotes/random");
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(header(refused, "Retry-After")).isEqualTo("7");
		assertThat(header(refused, "RateLimit")).isEqualTo("\"quotes-10s\";r=0;t=7");
		assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
		this.clock.advance(Duration.ofSeconds(7));
		assertThat(this.anybody.get("/api/quotes/random").statusCode()).isEqualTo(200);
	}

	@Test
	void aHundredQuotesAreHadInAnHourAndNoMore() throws Exception {
		for (int i = 0; i < 10; i++) {
			assertThat(statuses(times(10, () -> this.anybody.get("/api/quotes/random")))).containsOnly(200);
			this.clock.advance(Duration.ofSeconds(10));
		}
		HttpResponse<String> refused = this.anybody.get("/api/quotes/random");
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(header(refused, "RateLimit")).startsWith("\"quotes-1h\";r=0;");
		this.clock.advance(Duration.ofSeconds(Long.parseLong(header(refused, "Retry-After"))));
		assertThat(this.anybody.get("/api/quotes/random").statusCode()).isEqualTo(200);
	}

	@Test
	void aSixthLoginIsRefusedBeforeSpringSecurityLooksAtIt() throws Exception {
		String wrong = "username=alice&password=guess";
		String right = "username=alice&password=alice-password";
		List<HttpResponse<String>> guesses = times(5, () -> this.anybody.post("/login", wrong));
		assertThat(statuses(guesses)).containsOnly(401);
		assertThat(header(guesses.get(4), "RateLimit")).isEqualTo("\"login\";r=0;t=60");
		HttpResponse<String> refused = this.anybody.post("/login", right);
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(refused.headers().map()).doesNotContainKey("Set-Cookie");
		this.clock.advance(Duration.ofMinutes(1));
		HttpResponse<String> granted = this.anybody.post("/login", right);
		assertThat(granted.statusCode()).isEqualTo(302);
		assertThat(header(granted, "Location")).endsWith("/").doesNotContain("error");
	}

	@Test
	void theLoginPageIsNotLimited() throws Exception {
		assertThat(statuses(times(8, () -> this.anybody.get("/login")))).containsOnly(200);
	}

	@Test
	void aReportCostsFivePermits() throws Exception {
		for (int left = 15; left >= 0; left -= 5) {
			HttpResponse<String> report = this.alice.post("/api/reports");
			assertThat(report.statusCode()).isEqualTo(200);
			assertThat(report.body()).contains("\"quotes\":12", "\"haste\":3");
			assertThat(header(report, "RateLimit")).startsWith("\"reports\";r=" + left + ";");
		}
		assertThat(this.alice.post("/api/reports").statusCode()).isEqualTo(429);
		this.clock.advance(Duration.ofMinutes(1));
		assertThat(this.alice.post("/api/reports").statusCode()).isEqualTo(200);
	}

	@Test
	void everyUserHasExportsOfTheirOwn() throws Exception {
		assertThat(statuses(times(3, () -> this.alice.post("/api/exports")))).containsExactly(200, 200, 429);
		List<HttpResponse<String>> exports = times(3, () -> this.bob.post("/api/exports"));
		assertThat(statuses(exports)).containsExactly(200, 200, 429);
		assertThat(header(exports.get(0), "RateLimit-Policy")).isEqualTo("\"exports\";q=2;w=60");
		assertThat(header(exports.get(0), "RateLimit")).startsWith("\"exports\";r=1;");
		assertThat(exports.get(0).body()).startsWith("text,source\r\n\"They also serve");
		assertThat(header(exports.get(2), "Retry-After")).isEqualTo("60");
		assertThat(exports.get(2).body()).contains("\"violated-policies\":[\"exports\"]");
	}

	@Test
	void nobodyIsSentMoreThanFivePostcards() throws Exception {
		assertThat(statuses(times(5, () -> this.alice.post("/api/postcards", "to=carol")))).containsOnly(200);
		HttpResponse<String> refused = this.bob.post("/api/postcards", "to=carol");
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(header(refused, "RateLimit-Policy")).endsWith(";q=5;w=60");
		assertThat(header(refused, "Retry-After")).isEqualTo("60");
		assertThat(this.bob.post("/api/postcards", "to=dave").statusCode()).isEqualTo(200);
	}

	@Test
	void aPreviewIsNeverRefused() throws Exception {
		times(5, () -> this.alice.post("/api/postcards", "to=carol"));
		List<HttpResponse<String>> previews = times(12, () -> this.alice.get("/api/postcards/preview?to=carol"));
		assertThat(statuses(previews)).containsOnly(200);
		assertThat(previews).noneMatch((preview) -> preview.headers().map().containsKey("RateLimit"));
	}

	@Test
	void aShadowCountsAndRefusesNobody(CapturedOutput output) throws Exception {
		List<HttpResponse<String>> searches = times(12, () -> this.anybody.get("/api/quotes/search?word=haste"));
		assertThat(statuses(searches)).containsOnly(200);
		assertThat(searches).noneMatch((search) -> search.headers().map().containsKey("RateLimit-Policy"));
		assertThat(output.getOut().lines().filter((line) -> line.contains("Policy 'search' would have refused")))
			.hasSize(9);
	}

	@Test
	void operatorsSeeAndChangeLimitsOnceTheyAreLoggedIn() throws Exception {
		assertThat(this.anybody.get("/actuator/ratelimits").statusCode()).isEqualTo(401);
		assertThat(this.alice.get("/actuator/ratelimits/console").body()).contains("<title>Rate limits</title>");
		assertThat(this.alice.get("/actuator/ratelimits").body()).contains("\"writable\":true", "\"name\":\"quotes\"");
		assertThat(this.alice.get("/actuator/prometheus").body()).contains("ratelimit_decisions_total{",
				"policy=\"quotes\"");
	}

	@Test
	void whatIsNotForEverybodyTakesAPassword() throws Exception {
		assertThat(this.anybody.post("/api/exports").statusCode()).isEqualTo(401);
		assertThat(this.anybody.post("/api/reports").statusCode()).isEqualTo(401);
		assertThat(this.anybody.post("/api/postcards", "to=carol").statusCode()).isEqualTo(401);
	}

	@Test
	void thePageIsForEverybodyUnderAStrictPolicy() throws Exception {
		HttpResponse<String> page = this.anybody.get("/");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(header(page, "Content-Security-Policy")).startsWith("default-src 'self';");
		assertThat(page.headers().map()).doesNotContainKey("RateLimit");
	}

	private static List<Integer> statuses(List<HttpResponse<String>> responses) {
		return responses.stream().map(HttpResponse::statusCode).toList();
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class ClockConfiguration {

		@Bean
		HandClock clock() {
			return new HandClock();
		}

	}

}
