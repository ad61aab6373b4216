package io.ratelimit.spring.autoconfigure;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Expressions at which Spring's parser fails without saying so stop the start with a
 * message that quotes them.
 */
class BrokenExpressionTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(RateLimitAutoConfiguration.class, RateLimitWebAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "cost, 1e", "cost, 1e+", "key, #request.getHeader(1e", "key, '#path[1e'" })
	void inTheConfiguration(String property, String text) {
		this.runner
			.withPropertyValues("ratelimit.policies.api.limits=1/1s", "ratelimit.policies.api.paths=/**",
					"ratelimit.policies.api." + property + "=" + text)
			.run((context) -> assertThat(analysis(context).getDescription())
				.startsWith("ratelimit.policies.api." + property + ": '" + text + "' is not an expression"));
	}

	@Test
	void inAnAnnotation() {
		this.runner.withBean(Cost.class)
			.run((context) -> assertThat(analysis(context).getDescription()).contains("Cost.call()",
					"cost = \"1e\": '1e' is not an expression"));
		this.runner.withBean(Key.class)
			.run((context) -> assertThat(analysis(context).getDescription()).contains("Key.call(String)",
					"'#id.concat(1e' is not an expression"));
	}

	private static FailureAnalysis analysis(AssertableWebApplicationContext context) {
		assertThat(context).hasFailed();
		FailureAnalysis analysis = new RateLimitFailureAnalyzer(new StandardEnvironment())
			.analyze(context.getStartupFailure());
		assertThat(analysis).isNotNull();
		return analysis;
	}

	static class Cost {

		@RateLimited(limits = "5/1s", cost = "1e")
		void call() {
		}

	}

	static class Key {

		@RateLimited(limits = "5/1s", key = "#id.concat(1e")
		void call(String id) {
		}

	}

}
