package io.ratelimit.it.web;

import io.ratelimit.harness.Application;
import io.ratelimit.harness.Container;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers try in order not to be counted.
 */
class EvasionTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@CsvSource({ "/api;x=1/hello,429,429,429", "/%61pi/hello,429,429,429", "//api/hello,429,400,429",
			"/api//hello,429,400,429", "/api/./hello,429,429,429", "/other/../api/hello,429,429,429",
			"/api/hello;jsessionid=1,429,429,429", "/api/hello?x=1,429,429,429", "/api/%68ello,429,429,429" })
	void otherWaysToWriteAPathAreThePath(String path, int tomcat, int jetty, int undertow) {
		this.application = Application.start(Api.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**");
		int before = Api.calls.get();
		assertThat(this.application.get("/api/hello").status()).isEqualTo(200);
		assertThat(this.application.get(path).status()).isEqualTo(Container.expect(tomcat, jetty, undertow));
		assertThat(Api.calls.get()).isEqualTo(before + 1);
	}

	@ParameterizedTest
	@CsvSource({ "/ctx;x=1/api/hello,429,429,429", "/%63tx/api/hello,429,429,429", "//ctx/api/hello,429,400,404",
			"/ctx//api/hello,429,400,429", "/x/../ctx/api/hello,429,429,404", "/ctx/;x=1/api/hello,429,400,429",
			"/ctx/x/../api/hello,429,429,429" })
	void underAContextPathTooNoSpellingIsAWayPast(String path, int tomcat, int jetty, int undertow) {
		this.application = Application.start(Api.class, "server.servlet.context-path=/ctx",
				"ratelimit.policies.api.limits=1/1m", "ratelimit.policies.api.paths=/api/**");
		int before = Api.calls.get();
		assertThat(this.application.get("/ctx/api/hello").status()).isEqualTo(200);
		assertThat(this.application.status(path)).isEqualTo(Container.expect(tomcat, jetty, undertow));
		assertThat(Api.calls.get()).isEqualTo(before + 1);
	}

	@Test
	void leavingTheHeaderOutCountsByAddress() {
		this.application = Application.start(Api.class, "ratelimit.policies.api.limits=2/1m",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.api.key=header:X-Api-Key");
		assertThat(this.application.statuses(3, "/api/hello")).containsExactly(200, 200, 429);
		assertThat(this.application.statuses(3, "/api/hello", "X-Api-Key", " ")).containsOnly(429);
		assertThat(this.application.statuses(3, "/api/hello", "X-Api-Key", "k")).containsExactly(200, 200, 429);
	}

	@Test
	void aHeaderCannotSpendAStrangersPermits() {
		this.application = Application.start(Api.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.api.key=header:X-Api-Key");
		assertThat(this.application.get("/api/hello", "X-Api-Key", "127.0.0.1").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "X-Api-Key", "~ip~127.0.0.1").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello").status()).isEqualTo(429);
	}

	@Test
	void rotatingXForwardedForWithoutTrustedProxiesDoesNotHelp() {
		this.application = Application.start(Api.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**");
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "203.0.113.1").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "203.0.113.2").status()).isEqualTo(429);
		assertThat(this.application.get("/api/hello", "Forwarded", "for=203.0.113.3").status()).isEqualTo(429);
	}

	@Test
	void whatATrustedProxyWasToldDoesNotHelp() {
		this.application = behindProxy();
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "1.1.1.1, 203.0.113.1").status())
			.isEqualTo(200);
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "2.2.2.2, 203.0.113.1").status())
			.isEqualTo(429);
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "203.0.113.2").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "Forwarded", "for=203.0.113.3", "X-Forwarded-For", "203.0.113.2")
			.status()).isEqualTo(429);
	}

	@Test
	void mappedAddressesKeepTheirOwnKeys() {
		this.application = behindProxy();
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "::ffff:203.0.113.1").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "::ffff:203.0.113.2").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "::ffff:cb00:7101").status()).isEqualTo(429);
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "203.0.113.2").status()).isEqualTo(429);
	}

	@Test
	void addressesOfOneNetworkAreOneClient() {
		this.application = behindProxy();
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "2001:db8::1").status()).isEqualTo(200);
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "[2001:db8::ffff:2]:4711").status())
			.isEqualTo(429);
		assertThat(this.application.get("/api/hello", "X-Forwarded-For", "2001:db8:0:1::1").status()).isEqualTo(200);
	}

	@Test
	void headIsCountedAsGet() {
		this.application = Application.start(Api.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.policies.api.methods=get");
		assertThat(this.application.get("/api/hello").status()).isEqualTo(200);
		assertThat(this.application.send("HEAD", "/api/hello", "").status()).isEqualTo(429);
		assertThat(this.application.send("POST", "/api/hello", "").status()).isEqualTo(200);
	}

	private static Application behindProxy() {
		return Application.start(Api.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/api/**", "ratelimit.http.trusted-proxies=127.0.0.0/8,::1");
	}

}
