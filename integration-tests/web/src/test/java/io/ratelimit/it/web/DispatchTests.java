package io.ratelimit.it.web;

import io.ratelimit.harness.Answer;
import io.ratelimit.harness.Application;
import io.ratelimit.harness.Container;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * A request that becomes another one on its way, by a dispatch or by a filter, is limited
 * as what it becomes.
 */
class DispatchTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/alias", "/forwarded", "/included", "/servlet/forward", "/servlet/include" })
	void aDispatchIntoAGuardedPathIsCharged(String path) {
		this.application = Handlers.start(Handlers.class, "api.paths=/api/**");
		assumeFalse(path.equals("/servlet/include") && Container.running() == Container.UNDERTOW,
				"Undertow gives Spring MVC the mapping of the servlet that includes, and no handler is found");
		Answer first = this.application.get(path);
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.body()).contains("Hello");
		assertThat(this.application.get(path).status()).isEqualTo(429);
		assertThat(this.application.get("/api/hello").status()).isEqualTo(429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/alias", "/forwarded", "/included", "/dispatched" })
	void aDispatchIsChargedOnce(String path) {
		this.application = Handlers.start(Handlers.class, "api.paths=/**", "api.limits=10/1m");
		Answer answer = this.application.get(path);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(this.application.get("/other").header("RateLimit")).contains("r=8");
	}

	@Test
	void whatIsFreeAtFirstIsChargedWhereItIsForwardedTo() {
		this.application = Handlers.start(Handlers.class, "api.paths=/**",
				"api.cost=#request.requestURI.startsWith('/api') ? 1 : 0");
		assertThat(this.application.statuses(2, "/other")).containsOnly(200);
		assertThat(this.application.statuses(2, "/alias")).containsExactly(200, 429);
	}

	@Test
	void anErrorIsNotCharged() {
		this.application = Handlers.start(Handlers.class, "api.paths=/error");
		assertThat(this.application.statuses(3, "/api/failing")).containsOnly(500);
	}

	@Test
	void aMethodThatIsRewrittenIsLimited() {
		this.application = Handlers.start(Handlers.class, "api.paths=/api/**", "api.methods=DELETE");
		String[] form = { "Content-Type", "application/x-www-form-urlencoded" };
		assertThat(this.application.post("/api/thing", "_method=DELETE", form).body()).isEqualTo("deleted");
		assertThat(this.application.post("/api/thing", "_method=DELETE", form).status()).isEqualTo(429);
		assertThat(this.application.send("DELETE", "/api/thing", "").status()).isEqualTo(429);
	}

	@Test
	void aPathThatIsRewrittenIsLimited() {
		this.application = Handlers.start(Handlers.class, "api.paths=/api/hello");
		assertThat(this.application.statuses(2, "/rewritten")).containsExactly(200, 429);
	}

}
