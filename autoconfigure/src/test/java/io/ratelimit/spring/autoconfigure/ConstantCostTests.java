package io.ratelimit.spring.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Costs whose value is known at the start.
 */
class ConstantCostTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RateLimitAutoConfiguration.class, RateLimitWebAutoConfiguration.class))
		.withPropertyValues("ratelimit.policies.api.limits=4/1m", "ratelimit.policies.api.paths=/**");

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"',
			value = { "1e1, a cost of 1e1 (10) can never be granted: the limits allow at most 4 at once",
					"2 * 3, a cost of 2 * 3 (6) can never be granted: the limits allow at most 4 at once",
					"1 - 1, a cost of 1 - 1 (0): it must be at least 1", "2 - 3, a cost of 2 - 3: a cost below zero",
					"true, a cost of true: a java.lang.Boolean is no number",
					"'2', a cost of '2': a java.lang.String is no number" })
	void constantThatCanNeverBeGrantedStopsTheStart(String cost, String problem) {
		this.runner.withPropertyValues("ratelimit.policies.api.cost=" + cost).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new RateLimitFailureAnalyzer(new StandardEnvironment())
				.analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).startsWith("ratelimit.policies.api.cost: " + problem);
		});
	}

	@Test
	void constantWithinTheLimitStarts() {
		this.runner.withPropertyValues("ratelimit.policies.api.cost=1 + 2.5")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void expressionOverTheRequestStarts() {
		this.runner.withPropertyValues("ratelimit.policies.api.cost=#request.getParameter('deep') != null ? 9 : 1")
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
