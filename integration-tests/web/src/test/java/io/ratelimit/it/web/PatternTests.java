package io.ratelimit.it.web;

import io.ratelimit.harness.Application;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Patterns with a regular expression, as handlers of Spring MVC have them.
 */
class PatternTests {

	private Application application;

	@AfterEach
	void stop() {
		this.application.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/my docs", "/my docs/**", "/my */**" })
	void aPatternMayHaveABlank(String pattern) {
		this.application = Application.start(Handlers.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=" + pattern);
		assertThat(this.application.statuses(2, "/my%20docs")).containsExactly(200, 429);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '!', textBlock = """
			/orders/{id:\\d+} ! /orders/12 ! /orders/ab
			/orders/{id:\\d{1,9}} ! /orders/12 ! /orders/1234567890
			/orders/{id:[0-9]{1,9}} ! /orders/12 ! /orders/1234567890
			/orders/{id:[^\\s;%#]+} ! /orders/12 ! /free
			/orders/{id:a{2,3}|1{2,}} ! /orders/11 ! /orders/1
			/{any:orders|carts}/{id} ! /orders/12 ! /free
			""")
	void aPatternOfSpringMvcLimitsWhatItMatches(String pattern, String limited, String free) {
		this.application = Application.start(Handlers.class, "ratelimit.policies.api.limits=1/1m",
				"ratelimit.policies.api.paths=/none," + pattern + ",/nothing");
		assertThat(this.application.statuses(2, limited)).containsExactly(200, 429);
		assertThat(this.application.statuses(3, free)).containsOnly(200);
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@RestController
	static class Handlers {

		@GetMapping({ "/orders/{id}", "/carts/{id}" })
		String order(@PathVariable String id) {
			return id;
		}

		@GetMapping("/my docs")
		String docs() {
			return "docs";
		}

		@GetMapping("/free")
		String free() {
			return "free";
		}

	}

}
