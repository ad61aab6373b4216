package io.ratelimit.it.web;

import java.time.Duration;
import java.util.List;

import io.ratelimit.RateLimits;
import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a request is charged.
 */
class CountingTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void limitsOfOnePolicyDoNotTouchEachOther() {
		start("api.limits=20/1h, 3/1m", "api.paths=/api/**");
		assertThat(this.application.statuses(4, "/api/hello")).containsExactly(200, 200, 200, 429);
		assertThat(left("api", "127.0.0.1")).isZero();
		this.application.clock().advance(Duration.ofMinutes(1));
		assertThat(left("api", "127.0.0.1")).isEqualTo(17);
		assertThat(this.application.statuses(3, "/api/hello")).containsOnly(200);
	}

	@Test
	void policiesWithTheSameKeyDoNotTouchEachOther() {
		start("one.limits=3/1m", "one.paths=/api/**", "two.limits=2/1m", "two.paths=/other");
		assertThat(this.application.statuses(4, "/api/hello")).containsExactly(200, 200, 200, 429);
		assertThat(this.application.statuses(3, "/other")).containsExactly(200, 200, 429);
	}

	@Test
	void ofTwoPoliciesTheFirstIsNotChargedWhenTheSecondRefuses() {
		start("first.limits=10/1m", "first.paths=/api/**", "second.limits=2/1m", "second.paths=/api/hello",
				"second.key=header:X-User");
		assertThat(this.application.statuses(5, "/api/hello", "X-User", "u")).containsExactly(200, 200, 429, 429, 429);
		assertThat(left("first", "127.0.0.1")).isEqualTo(8);
		Answer refused = this.application.get("/api/hello", "X-User", "u");
		assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"first\";q=10;w=60, \"second\";q=2;w=60");
		assertThat(refused.header("RateLimit")).isEqualTo("\"second\";r=0;t=60");
		assertThat(refused.body()).contains("\"violated-policies\":[\"second\"]");
	}

	@ParameterizedTest
	@CsvSource({ "/api/async,200", "/api/failing,500", "/api/error,418", "/api/forward,200", "/api/missing,404" })
	void aRequestIsChargedOnceWhereverItGoes(String path, int status) {
		start("api.limits=10/1m", "api.paths=/**");
		assertThat(this.application.get(path).status()).isEqualTo(status);
		assertThat(left("api", "127.0.0.1")).isEqualTo(9);
	}

	@Test
	void aRefusedRequestDoesNotReachTheHandler() {
		start("api.limits=1/1m", "api.paths=/api/**");
		int before = Api.calls.get();
		assertThat(this.application.statuses(3, "/api/hello")).containsExactly(200, 429, 429);
		assertThat(Api.calls.get()).isEqualTo(before + 1);
	}

	@Test
	void exemptPathsAreNotCounted() {
		start("api.limits=1/1m", "api.paths=/api/**", "api.except=/api/hello");
		assertThat(this.application.statuses(3, "/api/hello")).containsOnly(200);
		assertThat(this.application.statuses(2, "/api/async")).containsExactly(200, 429);
	}

	@Test
	void aPreflightRequestIsNotCounted() {
		start("api.limits=1/1m", "api.paths=/api/**");
		for (int i = 0; i < 3; i++) {
			assertThat(this.application
				.send("OPTIONS", "/api/hello", "", "Origin", "https://example.org", "Access-Control-Request-Method",
						"GET")
				.status()).isNotEqualTo(429);
		}
		assertThat(this.application.statuses(2, "/api/hello")).containsExactly(200, 429);
	}

	@Test
	void aPreflightRequestIsCountedWhereThePolicySaysSo() {
		start("api.limits=1/1m", "api.paths=/api/**", "api.methods=OPTIONS");
		String[] preflight = { "Origin", "https://example.org", "Access-Control-Request-Method", "GET" };
		assertThat(this.application.send("OPTIONS", "/api/hello", "", preflight).status()).isNotEqualTo(429);
		assertThat(this.application.send("OPTIONS", "/api/hello", "", preflight).status()).isEqualTo(429);
	}

	@Test
	void aCostIsTakenWholeOrNotAtAll() {
		start("api.limits=10/1m", "api.paths=/api/**", "api.cost=4");
		assertThat(this.application.statuses(3, "/api/hello")).containsExactly(200, 200, 429);
		assertThat(left("api", "127.0.0.1")).isEqualTo(2);
	}

	@Test
	void aCostCanBeAnExpression() {
		start("api.limits=10/1m", "api.paths=/api/**", "api.cost=#request.method == 'POST' ? 8 : 0");
		assertThat(this.application.statuses(20, "/api/hello")).containsOnly(200);
		assertThat(this.application.post("/api/hello", "x").status()).isEqualTo(200);
		assertThat(this.application.post("/api/hello", "x").status()).isEqualTo(429);
	}

	@Test
	void aCostBeyondTheLimitIsRefusedForGood() {
		start("api.limits=10/1m", "api.paths=/api/**", "api.cost=#request.method == 'POST' ? 11 : 1");
		Answer refused = this.application.post("/api/hello", "x");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEmpty();
		assertThat(left("api", "127.0.0.1")).isEqualTo(10);
	}

	@Test
	void keysComeFromPathsParametersCookiesAndExpressions() {
		start("path.limits=1/1m", "path.paths=/t/{tenant}/**", "path.key=path:tenant", "form.limits=1/1m",
				"form.paths=/api/form,/api/echo", "form.key=param:user", "cookie.limits=1/1m", "cookie.paths=/other",
				"cookie.key=cookie:c", "spel.limits=1/1m", "spel.paths=/api/hello",
				"spel.key=#request.getHeader('X-A') + #ip");
		assertThat(this.application.statuses(2, "/t/a/things")).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/t/b/things")).containsExactly(200, 429);
		String[] form = { "Content-Type", "application/x-www-form-urlencoded" };
		assertThat(this.application.post("/api/form", "user=a", form).body()).isEqualTo("a");
		assertThat(this.application.post("/api/form", "user=a", form).status()).isEqualTo(429);
		assertThat(this.application.post("/api/form", "user=b", form).status()).isEqualTo(200);
		String[] json = { "Content-Type", "application/json" };
		assertThat(this.application.post("/api/echo?user=c", "user=a", json).body()).isEqualTo("user=a");
		assertThat(this.application.post("/api/echo?user=c", "user=a", json).status()).isEqualTo(429);
		assertThat(this.application.statuses(2, "/other", "Cookie", "c=1")).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/other", "Cookie", "c=2")).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/api/hello", "X-A", "1")).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/api/hello", "X-A", "2")).containsExactly(200, 429);
	}

	@Test
	void compoundKeysAreNotAmbiguous() {
		start("api.limits=1/1m", "api.paths=/api/**", "api.key=header:A + header:B");
		assertThat(this.application.get("/api/hello", "A", "x", "B", "yz").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "A", "xy", "B", "z").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "A", "x", "B", "yz").status()).isEqualTo(429);
	}

	@Test
	void aMissingKeyCanBeSkippedOrDenied() {
		start("skip.limits=1/1m", "skip.paths=/api/**", "skip.key=header:K", "skip.missing-key=skip",
				"deny.limits=1/1m", "deny.paths=/other", "deny.key=header:K", "deny.missing-key=deny");
		assertThat(this.application.statuses(3, "/api/hello")).containsOnly(200);
		Answer denied = this.application.get("/other");
		assertThat(denied.status()).isEqualTo(429);
		assertThat(denied.header("Retry-After")).isEmpty();
		assertThat(this.application.get("/other", "K", "k").status()).isEqualTo(200);
	}

	@Test
	void aShadowPolicyCountsAndNeitherRefusesNorShows() {
		start("enforced.limits=5/1m", "enforced.paths=/api/**", "trial.limits=2/1m", "trial.paths=/api/**",
				"trial.mode=shadow");
		assertThat(this.application.statuses(6, "/api/hello")).containsExactly(200, 200, 200, 200, 200, 429);
		assertThat(left("trial", "127.0.0.1")).isZero();
		assertThat(left("enforced", "127.0.0.1")).isZero();
		assertThat(this.application.get("/api/hello").header("RateLimit-Policy")).isEqualTo("\"enforced\";q=5;w=60");
	}

	@Test
	void aShadowPolicyShowsWhereThatIsAskedFor() {
		this.application = Application.start(Api.class, "ratelimit.http.shadow-headers=true",
				"ratelimit.policies.enforced.limits=5/1m", "ratelimit.policies.enforced.paths=/api/**",
				"ratelimit.policies.trial.limits=2/1m", "ratelimit.policies.trial.paths=/api/**",
				"ratelimit.policies.trial.mode=shadow");
		assertThat(this.application.statuses(2, "/api/hello")).containsOnly(200);
		Answer beyond = this.application.get("/api/hello");
		assertThat(beyond.status()).isEqualTo(200);
		assertThat(beyond.header("RateLimit-Policy")).contains("\"enforced\";q=5;w=60", "\"trial\";q=2;w=60");
		assertThat(beyond.header("RateLimit")).isEqualTo("\"trial\";r=0;t=60");
		assertThat(beyond.header("Retry-After")).isEmpty();
	}

	@Test
	void aPolicyThatIsOffAndASwitchedOffLimiterLimitNothing() {
		start("api.limits=1/1m", "api.paths=/api/**", "api.mode=off");
		List<Integer> statuses = this.application.statuses(3, "/api/hello");
		this.application.close();
		this.application = Application.start(Api.class, "ratelimit.enabled=false", "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**");
		assertThat(statuses).containsOnly(200);
		assertThat(this.application.statuses(3, "/api/hello")).containsOnly(200);
	}

	private long left(String policy, String key) {
		return this.application.bean(RateLimits.class).limiter(policy).peek(key).remaining();
	}

	private void start(String... properties) {
		String[] prefixed = new String[properties.length];
		for (int i = 0; i < properties.length; i++) {
			prefixed[i] = "ratelimit.policies." + properties[i];
		}
		this.application = Application.start(Api.class, prefixed);
	}

}
