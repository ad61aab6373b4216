package io.ratelimit.spring.autoconfigure;

import java.util.Map;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Policies that stand beside ours.
 */
@ExtendWith(OutputCaptureExtension.class)
class MisspeltRootsTests {

	private final WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(RateLimitAutoConfiguration.class, RateLimitWebAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "ratelimiter.policies.api, ratelimit.policies.api",
			"spring.ratelimit.policies.api.limits, ratelimit.policies.api.limits",
			"ratelimits.policies.api.limits, ratelimit.policies.api.limits",
			"rate.limit.policies.api.limits[0], 'ratelimit.policies.api.limits[0]'" })
	void policiesBesideOursAreTold(String written, String meant, CapturedOutput output) {
		this.web.withPropertyValues(written + "=1/1m").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains(written + " = '1/1m'", "is not read", "did you mean " + meant + "?");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "rate-limit.policies.api.limits", "resilience4j.ratelimiter.instances.api",
			"gateway.policies.api.limits", "ratelimiter.enabled" })
	void whatIsOursOrSomebodyElsesIsNotTold(String written, CapturedOutput output) {
		this.web.withPropertyValues(written + "=1/1m")
			.run((context) -> assertThat(output).doesNotContain("is not read"));
	}

	@ParameterizedTest
	@CsvSource({ "RATELIMIT, 5, true", "ratelimit, on, true", "RATELIMIT, '', false",
			"RATELIMIT_PORT, tcp://10.0.0.1:8081, false", "RATELIMITS, 5, false" })
	void aVariableOfTheNameOfTheRootIsTold(String variable, String value, boolean told, CapturedOutput output) {
		this.web
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
								Map.of(variable, value))))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output.getOut().contains("ratelimit = '" + value + "'")
						&& output.getOut().contains("is not read, as a variable of that name can be another program's"))
					.isEqualTo(told);
			});
	}

}
