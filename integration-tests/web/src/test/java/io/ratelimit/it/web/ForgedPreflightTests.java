package io.ratelimit.it.web;

import java.util.List;

import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A preflight is free where somebody answers it as one, and counted elsewhere.
 */
class ForgedPreflightTests {

	private static final String[] PREFLIGHT = { "Origin", "https://example.org", "Access-Control-Request-Method",
			"GET" };

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void aForgedPreflightToAnotherServletIsCounted() {
		this.application = Handlers.start(Handlers.class, "api.paths=/servlet/**");
		assertThat(this.application.send("OPTIONS", "/servlet/hello", "", PREFLIGHT).status()).isEqualTo(200);
		assertThat(this.application.send("OPTIONS", "/servlet/hello", "", PREFLIGHT).status()).isEqualTo(429);
	}

	@Test
	void aPreflightThatAFilterAnswersIsNotCounted() {
		this.application = Handlers.start(Handlers.class, "spring.profiles.active=cors", "api.paths=/servlet/**");
		for (String path : List.of("/servlet/hello", "/servlet/hello", "/servlet/elsewhere")) {
			assertThat(this.application.send("OPTIONS", path, "", PREFLIGHT).body()).doesNotContain("Echo");
		}
		assertThat(this.application.statuses(2, "/servlet/hello")).containsExactly(200, 429);
	}

	@Test
	void aForgedPreflightThatNoFilterAnswersIsCounted() {
		this.application = Handlers.start(Handlers.class, "spring.profiles.active=other-cors", "api.paths=/servlet/**");
		assertThat(this.application.send("OPTIONS", "/servlet/hello", "", PREFLIGHT).body()).isEqualTo("Echo");
		assertThat(this.application.send("OPTIONS", "/servlet/hello", "", PREFLIGHT).status()).isEqualTo(429);
	}

}
