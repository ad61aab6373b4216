package io.ratelimit.it.web;

import io.ratelimit.harness.Application;
import io.ratelimit.spring.request.KeyResolver;
import io.ratelimit.spring.request.LimitedRequest;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.web.context.annotation.RequestScope;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Resolvers of the application see what they need, and may fail.
 */
@ExtendWith(OutputCaptureExtension.class)
class KeyResolverTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "failing", "nobody" })
	void aResolverThatFailsIsAMissingKey(String bean, CapturedOutput output) {
		this.application = Accounts.start(Resolvers.class, "api.limits=2/1m", "api.paths=/account", "api.key=@" + bean);
		assertThat(this.application.statuses(3, "/account?id=1")).containsExactly(200, 200, 429);
		assertThat(output.getOut().split("The key of policy 'api': '@failing' fails", -1))
			.hasSize(bean.equals("failing") ? 2 : 1);
		assertThat(output.getOut()).doesNotContain("on purpose");
	}

	@ParameterizedTest
	@ValueSource(strings = { "holder", "scoped" })
	void aResolverSeesTheRequestOfItsThread(String bean) {
		this.application = Accounts.start(Resolvers.class, "api.limits=1/1m", "api.paths=/account", "api.key=@" + bean,
				"api.missing-key=skip");
		assertThat(this.application.statuses(2, "/account?id=1", "X-User", "a")).containsExactly(200, 429);
		assertThat(this.application.statuses(2, "/account?id=1", "X-User", "b")).containsExactly(200, 429);
	}

	@Test
	void aResolverCanAskForTheAddressBehindTrustedProxies() {
		this.application = Accounts.start(Resolvers.class, "api.limits=1/1m", "api.paths=/account", "api.key=@address",
				"ratelimit.http.trusted-proxies=127.0.0.0/8");
		assertThat(this.application.statuses(2, "/account?id=1", "X-Forwarded-For", "203.0.113.7")).containsExactly(200,
				429);
		assertThat(this.application.get("/account?id=1", "X-Forwarded-For", "203.0.113.8").status()).isEqualTo(200);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Resolvers extends Accounts {

		@Bean
		KeyResolver failing() {
			return (request) -> {
				throw new IllegalStateException("on purpose");
			};
		}

		@Bean
		KeyResolver nobody() {
			return (request) -> null;
		}

		@Bean
		KeyResolver holder() {
			return (request) -> ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes())
				.getRequest()
				.getHeader("X-User");
		}

		@Bean
		@RequestScope
		Caller caller(HttpServletRequest request) {
			return new Caller(request.getHeader("X-User"));
		}

		@Bean
		KeyResolver scoped(Caller caller) {
			return (request) -> caller.name();
		}

		@Bean
		KeyResolver address() {
			return LimitedRequest::clientAddress;
		}

	}

	static class Caller {

		private final String name;

		Caller(String name) {
			this.name = name;
		}

		String name() {
			return this.name;
		}

	}

}
