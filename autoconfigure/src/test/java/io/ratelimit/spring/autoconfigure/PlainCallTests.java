package io.ratelimit.spring.autoconfigure;

import io.ratelimit.RateLimitExceededException;
import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Annotated methods of applications without requests.
 */
@ExtendWith(OutputCaptureExtension.class)
class PlainCallTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RateLimitAutoConfiguration.class))
		.withPropertyValues("ratelimit.policies.byAddress=2/1h", "ratelimit.policies.together.limits=1/1h",
				"ratelimit.policies.together.key=global")
		.withBean(Service.class);

	@Test
	void callsWithoutAKeyAreCountedTogetherWhichIsLoggedOnce(CapturedOutput output) {
		this.runner.run((context) -> {
			Service service = context.getBean(Service.class);
			assertThat(output).doesNotContain("'byAddress' takes its key");
			service.byAddress();
			service.byAddress();
			assertThatExceptionOfType(RateLimitExceededException.class).isThrownBy(service::byAddress);
			assertThat(output.toString().split("Policy 'byAddress' takes its key", -1)).hasSize(2);
		});
	}

	@Test
	void whereThatIsMeantNothingIsLogged(CapturedOutput output) {
		this.runner.run((context) -> {
			Service service = context.getBean(Service.class);
			service.together();
			service.byId("a");
			service.byId(null);
			service.inPlaceTogether();
			assertThat(output).doesNotContain("takes its key");
		});
	}

	static class Service {

		@RateLimited("byAddress")
		void byAddress() {
		}

		@RateLimited("together")
		void together() {
		}

		@RateLimited(policy = "byAddress", key = "#id")
		void byId(String id) {
		}

		@RateLimited(limits = "1/1h", key = "global")
		void inPlaceTogether() {
		}

	}

}
