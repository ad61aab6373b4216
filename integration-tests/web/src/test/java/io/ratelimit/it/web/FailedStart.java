package io.ratelimit.it.web;

import java.util.stream.Stream;

import io.ratelimit.harness.Application;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Starts of applications that fail, and what is said of them.
 */
final class FailedStart {

	private FailedStart() {
	}

	/**
	 * Checks that an application does not start, and that all parts of a message, which
	 * bars divide, are in what is printed.
	 */
	static void assertStops(Class<?> configuration, CapturedOutput output, String message, String... properties) {
		String[] all = Stream.concat(Stream.of("ratelimit.policies.p.limits=1/1s"), Stream.of(properties))
			.toArray(String[]::new);
		assertThatThrownBy(() -> Application.start(configuration, all).close()).isNotNull();
		assertThat(output.getOut()).contains("APPLICATION FAILED TO START", "Description:", "Action:");
		assertThat(output.getOut().substring(output.getOut().indexOf("Description:"))).contains(message.split("\\|"))
			.doesNotContain("\tat ");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Nothing {

	}

}
