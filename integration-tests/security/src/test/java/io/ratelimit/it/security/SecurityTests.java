package io.ratelimit.it.security;

import java.util.ArrayList;
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
 * Limits in front of Spring Security and behind it, without any order configured.
 */
class SecurityTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void aLoginThatSecurityAnswersIsLimitedByAddress() {
		start("login.limits=3/15m", "login.paths=/login", "login.methods=POST");
		for (int i = 0; i < 3; i++) {
			Answer answer = login("alice", "wrong");
			assertThat(answer.status()).isEqualTo(302);
			assertThat(answer.header("RateLimit")).startsWith("\"login\";r=" + (2 - i));
		}
		Answer refused = login("alice", "a");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("Retry-After")).isEqualTo("900");
		assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(this.application.get("/login").status()).isEqualTo(200);
	}

	@Test
	void guessingPasswordsOfTheApiIsLimitedByAddress() {
		start("api.limits=3/15m", "api.paths=/api/**");
		assertThat(this.application.statuses(5, "/api/me", "Authorization", "Basic YWxpY2U6eA==")).containsExactly(401,
				401, 401, 429, 429);
	}

	@Test
	void aPolicyByPrincipalSeesWhoIsLoggedIn() {
		start("api.limits=2/1m", "api.paths=/api/**", "api.key=principal");
		assertThat(this.application.statuses(3, "/api/me", Accounts.basic("alice"))).containsExactly(200, 200, 429);
		assertThat(this.application.statuses(3, "/api/me", Accounts.basic("bob"))).containsExactly(200, 200, 429);
		assertThat(left("api", "alice")).isZero();
		assertThat(left("api", "carol")).isEqualTo(2);
	}

	@Test
	void aClaimOfAnAuthenticatedTokenIsAKey() throws Exception {
		start("tenant.limits=2/1m", "tenant.paths=/tenant", "tenant.key=jwt:tenant");
		assertThat(this.application.get("/tenant", Accounts.token("alice", "acme")).status()).isEqualTo(200);
		assertThat(this.application.get("/tenant", Accounts.token("bob", "acme")).status()).isEqualTo(200);
		assertThat(this.application.get("/tenant", Accounts.token("carol", "acme")).status()).isEqualTo(429);
		assertThat(this.application.get("/tenant", Accounts.token("carol", "other")).status()).isEqualTo(200);
	}

	@Test
	void whatARequestHasTakenBeforeSecurityStaysTaken() {
		start("address.limits=5/1m", "address.paths=/api/**", "user.limits=2/1m", "user.paths=/api/**",
				"user.key=principal");
		assertThat(this.application.statuses(4, "/api/me", Accounts.basic("alice"))).containsExactly(200, 200, 429,
				429);
		assertThat(left("address", "127.0.0.1")).isEqualTo(1);
		Answer refused = this.application.get("/api/me", Accounts.basic("alice"));
		assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"address\";q=5;w=60, \"user\";q=2;w=60");
		assertThat(refused.header("RateLimit")).isEqualTo("\"user\";r=0;t=60");
		assertThat(this.application.get("/api/me", Accounts.basic("bob")).header("RateLimit"))
			.isEqualTo("\"address\";r=0;t=60");
	}

	@ParameterizedTest
	@CsvSource({ "true, 429", "false, 200" })
	void namesThatTheUserServiceTakesForOneAreOneKeyWhereTheApplicationSaysSo(boolean folded, int status) {
		this.application = Application.start(Accounts.class, "ratelimit.http.fold-principals=" + folded,
				"ratelimit.policies.api.limits=2/1m", "ratelimit.policies.api.paths=/api/**",
				"ratelimit.policies.api.key=principal");
		assertThat(this.application.get("/api/me", Accounts.basic("alice")).status()).isEqualTo(200);
		assertThat(this.application.get("/api/me", Accounts.basic("ALICE")).status()).isEqualTo(200);
		assertThat(this.application.get("/api/me", Accounts.basic("Alice")).status()).isEqualTo(status);
	}

	@Test
	void aRefusalCanBeReadWhereSecurityGrantsAccess() {
		start("before.limits=2/1m", "before.paths=/api/**", "behind.limits=1/1m", "behind.paths=/api/**",
				"behind.key=principal");
		List<String> headers = new ArrayList<>(List.of(Accounts.basic("alice")));
		headers.addAll(List.of("Origin", "https://allowed.example"));
		for (int status : new int[] { 200, 429, 429 }) {
			Answer answer = this.application.get("/api/me", headers.toArray(new String[0]));
			assertThat(answer.status()).isEqualTo(status);
			assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
				.containsExactly("https://allowed.example");
			if (status == 429) {
				assertThat(answer.header("Access-Control-Expose-Headers")).contains("Retry-After", "RateLimit");
			}
		}
		Answer other = this.application.get("/api/me", "Origin", "https://other.example");
		assertThat(other.status()).isEqualTo(429);
		assertThat(other.headers().map()).doesNotContainKey("access-control-allow-origin");
	}

	@Test
	void anAnnotatedMethodCountsByPrincipal() {
		start();
		assertThat(this.application.statuses(2, "/export", Accounts.basic("alice"))).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/export", Accounts.basic("bob"))).containsExactly(200, 429);
	}

	@Test
	void anotherOrderOfSecurityIsFollowed() {
		this.application = Application.start(Accounts.class, "spring.security.filter.order=50",
				"ratelimit.policies.login.limits=1/1m", "ratelimit.policies.login.paths=/login",
				"ratelimit.policies.login.methods=POST", "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.api.key=principal");
		assertThat(List.of(login("alice", "x").status(), login("alice", "x").status())).containsExactly(302, 429);
		assertThat(this.application.statuses(2, "/api/me", Accounts.basic("alice"))).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/api/me", Accounts.basic("bob"))).containsExactly(200, 429);
	}

	private Answer login(String user, String password) {
		return this.application.post("/login", "username=" + user + "&password=" + password, "Content-Type",
				"application/x-www-form-urlencoded");
	}

	private long left(String policy, String key) {
		return this.application.bean(RateLimits.class).limiter(policy).peek(key).remaining();
	}

	private void start(String... properties) {
		String[] prefixed = new String[properties.length];
		for (int i = 0; i < properties.length; i++) {
			prefixed[i] = "ratelimit.policies." + properties[i];
		}
		this.application = Application.start(Accounts.class, prefixed);
	}

}
