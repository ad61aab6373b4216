package io.ratelimit.spring.observe;

import io.ratelimit.RateLimits;
import io.ratelimit.spring.autoconfigure.RateLimitAutoConfiguration;
import io.ratelimit.spring.autoconfigure.RateLimitEndpointAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class EndpointConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RateLimitAutoConfiguration.class,
				RateLimitEndpointAutoConfiguration.class, EndpointAutoConfiguration.class))
		.withPropertyValues("ratelimit.policies.api.limits=2/1h");

	@Test
	void anApplicationThatExposesNothingPaysForNothing() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(RateLimits.class)
			.doesNotHaveBean(RateLimitsEndpoint.class)
			.doesNotHaveBean(Offenders.class));
	}

	@Test
	void anExposedEndpointIsThereWithWhatItTells() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=ratelimits")
			.run((context) -> assertThat(context).hasSingleBean(RateLimitsEndpoint.class)
				.hasSingleBean(Offenders.class));
	}

	@Test
	void withoutAccessThereIsNoEndpoint() {
		this.runner
			.withPropertyValues("management.endpoints.web.exposure.include=*",
					"management.endpoint.ratelimits.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(RateLimitsEndpoint.class)
				.doesNotHaveBean(Offenders.class));
	}

	@Test
	void withoutActuatorTheApplicationStarts() {
		this.runner.withClassLoader(new FilteredClassLoader(WebEndpoint.class))
			.withPropertyValues("management.endpoints.web.exposure.include=*")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RateLimits.class)
				.doesNotHaveBean(Offenders.class));
	}

}
