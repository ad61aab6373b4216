package io.ratelimit.it.tests;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.test.RateLimitTester;
import io.ratelimit.spring.test.WithoutRateLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;

import static io.ratelimit.spring.test.RateLimitAssertions.assertThatResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Limits can be used up, forgotten and looked at, and their time can be turned.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class RateLimitTesterTests {

	@Autowired
	RateLimitTester limits;

	@LocalServerPort
	int port;

	@Test
	void aKeyIsUsedUpAndForgottenAsAPersonWritesIt() {
		this.limits.exhaust("accounts", "acme");
		assertThatResponse(get("/account", "acme")).isRateLimited().by("accounts");
		assertThatResponse(get("/account", "other")).isNotRateLimited().hasRemaining(2);
		assertThat(this.limits.remaining("accounts", "acme")).isZero();
		assertThat(this.limits.remaining("accounts", "other")).isEqualTo(2);
		this.limits.reset("accounts", "acme");
		assertThatResponse(get("/account", "acme")).isNotRateLimited();
		assertThatResponse(get("/account", "")).isNotRateLimited();
		assertThat(this.limits.remaining("accounts", "ip=127.0.0.1")).isEqualTo(2);
	}

	/**
	 * More is left of the limit that binds than the other one would grant.
	 */
	@Test
	@Timeout(30)
	void aPolicyOfTwoLimitsIsUsedUp() {
		this.limits.stopTime();
		get("/search", "acme");
		get("/search", "acme");
		this.limits.advance(Duration.ofSeconds(1));
		this.limits.exhaust("searches", "acme");
		assertThatResponse(get("/search", "acme")).isRateLimited().by("searches-1s");
		this.limits.advance(Duration.ofSeconds(1));
		this.limits.exhaust("searches", "acme");
		assertThatResponse(get("/search", "acme")).isRateLimited().by("searches-1h");
	}

	@Test
	@WithoutRateLimits
	void whereNothingIsCountedNothingIsUsedUp() {
		assertThatIllegalStateException().isThrownBy(() -> this.limits.exhaust("quotes", "127.0.0.1"))
			.withMessage("policy 'quotes' counts nothing: it is switched off, by @WithoutRateLimits, "
					+ "ratelimit.enabled or its mode");
		assertThatIllegalStateException().isThrownBy(() -> this.limits.remaining("quotes", "127.0.0.1"));
	}

	@Test
	void aNameIsNoAddress() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.limits.exhaust("quotes", "localhost"))
			.withMessage("'localhost' is a name, and what is counted is an address, as in 127.0.0.1");
	}

	@Test
	void timeIsTurnedForward() {
		this.limits.exhaust("quotes", "127.0.0.1");
		assertThatResponse(get("/quote", "")).isRateLimited();
		this.limits.advance(Duration.ofMinutes(1));
		assertThatResponse(get("/quote", "")).isNotRateLimited().hasRemaining("quotes", 9);
	}

	@Test
	void windowsOfTheCalendarFollow() {
		this.limits.stopTime();
		assertThatResponse(get("/bill", "")).isNotRateLimited();
		assertThatResponse(get("/bill", "")).isRateLimited();
		this.limits.advance(Duration.ofDays(1));
		assertThatResponse(get("/bill", "")).isNotRateLimited();
		assertThatResponse(get("/bill", "")).isRateLimited();
	}

	@Test
	void timeThatIsStoppedMakesAnswersExact() throws InterruptedException {
		this.limits.stopTime();
		this.limits.exhaust("accounts", "acme");
		TimeUnit.MILLISECONDS.sleep(5);
		assertThatResponse(get("/account", "acme")).isRateLimited().retryAfter(Duration.ofHours(1));
		this.limits.advance(Duration.ofMinutes(59));
		assertThatResponse(get("/account", "acme")).isRateLimited().retryAfter(Duration.ofMinutes(1));
	}

	@Test
	void aPolicyIsForgottenWithoutTheOthers() {
		this.limits.exhaust("accounts", "acme");
		this.limits.exhaust("quotes", "127.0.0.1");
		this.limits.resetAll("accounts");
		assertThatResponse(get("/account", "acme")).isNotRateLimited();
		assertThatResponse(get("/quote", "")).isRateLimited();
		assertThatIllegalArgumentException().isThrownBy(() -> this.limits.resetAll("acounts"))
			.withMessageContaining(
					"there is no policy 'acounts': known are [accounts, bills, exports, quotes, searches]");
		assertThatIllegalArgumentException().isThrownBy(() -> this.limits.advance(Duration.ofMinutes(-1)))
			.withMessage("time cannot be turned back by PT1M");
	}

	@Test
	void theClockIsNoBeanThatTheApplicationIsGiven(@Autowired ObjectProvider<Clock> clocks,
			@Autowired ObjectProvider<InstantSource> sources, @Autowired ObjectProvider<Ticker> tickers,
			@Autowired RateLimits rateLimits) {
		assertThat(clocks.getIfAvailable()).isNull();
		assertThat(sources.getIfAvailable()).isNull();
		assertThat(tickers.getIfAvailable()).isNull();
		assertThat(rateLimits.policies()).containsKeys("quotes", "exports");
	}

	private ResponseEntity<String> get(String path, String apiKey) {
		return RestClient.create("http://localhost:" + this.port).get().uri(path).headers((headers) -> {
			if (!apiKey.isEmpty()) {
				headers.set("X-Api-Key", apiKey);
			}
		}).retrieve().onStatus((status) -> true, (request, response) -> {
		}).toEntity(String.class);
	}

}
