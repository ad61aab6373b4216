package io.ratelimit.spring.web.reactive;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.ratelimit.Limit;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.autoconfigure.RateLimitAutoConfiguration;
import io.ratelimit.spring.autoconfigure.RateLimitWebAutoConfiguration;
import io.ratelimit.spring.policy.Guard;
import io.ratelimit.spring.policy.InvalidRateLimitException;
import io.ratelimit.spring.policy.PolicySource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications of WebFlux, whose requests are not limited.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReactiveConfigurationTests {

	private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(RateLimitAutoConfiguration.class, RateLimitWebAutoConfiguration.class));

	@Test
	void pathsStopTheStart() {
		this.runner.withPropertyValues("ratelimit.policies.api.limits=1/1s", "ratelimit.policies.api.paths=/api/**")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidRateLimitException.class)
				.hasMessageContaining("this is a reactive one"));
	}

	@Test
	void pathsThatComeLaterAreRefused(CapturedOutput output) {
		List<Policy> policies = new ArrayList<>();
		AtomicReference<Runnable> changed = new AtomicReference<>();
		PolicySource source = new PolicySource() {
			@Override
			public List<Policy> policies() {
				return policies;
			}

			@Override
			public Guard guard(String policy) {
				return Guard.of("/api/**");
			}

			@Override
			public void onChange(Runnable action) {
				changed.set(action);
			}
		};
		this.runner.withBean(PolicySource.class, () -> source).run((context) -> {
			policies.add(Policy.of("api", Limit.valueOf("1/1s")));
			changed.get().run();
			assertThat(output).contains("those before stay", "this is a reactive one");
			assertThat(context.getBean(RateLimits.class).policies()).isEmpty();
		});
	}

}
